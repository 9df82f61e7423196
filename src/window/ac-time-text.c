/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <stdio.h>

#include "model/ac-time.h"
#include "window/ac-time-text.h"

/* The person's setting; one for the whole program. */
static gboolean show_utc = FALSE;
static GList *followers; /* of Follower */

typedef struct
{
  GObject *object; /* not owned */
  AcTimeTextChanged changed;
} Follower;

static void
object_gone (gpointer data, GObject *object)
{
  followers = g_list_remove (followers, data);
  g_free (data);
}

/**
 * ac_time_text_set_utc:
 *
 * Says whether times are shown in UTC or in the time zone of this computer. Whoever follows is
 * told.
 */
void
ac_time_text_set_utc (gboolean utc)
{
  g_autoptr (GPtrArray) objects = NULL;

  if (show_utc == utc)
    return;
  show_utc = utc;
  /* Rows are made anew meanwhile, and the old ones go. */
  objects = g_ptr_array_new_with_free_func (g_object_unref);
  for (GList *link = followers; link != NULL; link = link->next)
    g_ptr_array_add (objects, g_object_ref (((Follower *)link->data)->object));
  for (guint i = 0; i < objects->len; i++)
    for (GList *link = followers; link != NULL; link = link->next)
      {
        const Follower *follower = link->data;

        if (follower->object == g_ptr_array_index (objects, i))
          {
            follower->changed (follower->object);
            break;
          }
      }
}

/**
 * ac_time_text_follow:
 * @object: shows times
 * @changed: called with @object, as long as it lives, when they are to be shown in another way
 *
 * At most once for each object.
 */
void
ac_time_text_follow (gpointer object, AcTimeTextChanged changed)
{
  Follower *follower = g_new0 (Follower, 1);

  g_return_if_fail (G_IS_OBJECT (object));

  follower->object = object;
  follower->changed = changed;
  followers = g_list_prepend (followers, follower);
  g_object_weak_ref (object, object_gone, follower);
}

static GDateTime *
to_date_time (gint64 time)
{
  g_autoptr (GDateTime) utc = NULL;

  if (time == AC_TIME_NONE)
    return NULL;
  utc = g_date_time_new_from_unix_utc (time / G_USEC_PER_SEC);
  if (utc == NULL)
    return NULL;
  return show_utc ? g_steal_pointer (&utc) : g_date_time_to_local (utc);
}

/**
 * ac_time_text_short:
 * @time: as in ac-time.h
 *
 * Returns: (transfer full): the clock for today, else the day and the clock; "" for no time.
 */
char *
ac_time_text_short (gint64 time)
{
  g_autoptr (GDateTime) date = to_date_time (time);
  g_autoptr (GDateTime) now = to_date_time (ac_time_now ());

  if (date == NULL || now == NULL)
    return g_strdup ("");
  if (g_date_time_get_year (date) != g_date_time_get_year (now))
    /* Translators: a day of another year, for g_date_time_format() */
    return g_date_time_format (date, C_ ("time", "%-e %b %Y, %H:%M"));
  if (g_date_time_get_day_of_year (date) != g_date_time_get_day_of_year (now))
    /* Translators: a day of this year, for g_date_time_format() */
    return g_date_time_format (date, C_ ("time", "%-e %b, %H:%M"));
  /* Translators: a time of today, for g_date_time_format() */
  return g_date_time_format (date, C_ ("time", "Today, %H:%M"));
}

/**
 * ac_time_text_clock:
 *
 * Returns: (transfer full): as ac_time_text_short(), but for today only the clock, to stand inside
 * a sentence.
 */
char *
ac_time_text_clock (gint64 time)
{
  g_autoptr (GDateTime) date = to_date_time (time);
  g_autoptr (GDateTime) now = to_date_time (ac_time_now ());

  if (date == NULL || now == NULL)
    return g_strdup ("");
  if (g_date_time_get_year (date) == g_date_time_get_year (now) &&
      g_date_time_get_day_of_year (date) == g_date_time_get_day_of_year (now))
    /* Translators: a time of today inside a sentence, for g_date_time_format() */
    return g_date_time_format (date, C_ ("time", "%H:%M"));
  return ac_time_text_short (time);
}

/**
 * ac_time_text_full:
 *
 * Returns: (transfer full): day, clock to the second and zone, and on a second line, where it
 * differs, the same in UTC, or, while times are shown in UTC, in the zone of this computer; "" for
 * no time.
 */
char *
ac_time_text_full (gint64 time)
{
  g_autoptr (GDateTime) date = to_date_time (time);
  g_autoptr (GDateTime) other = NULL;
  g_autofree char *text = NULL;
  g_autofree char *other_text = NULL;

  if (date == NULL)
    return g_strdup ("");
  /* Translators: for g_date_time_format() */
  text = g_date_time_format (date, C_ ("time", "%A, %-e %B %Y, %H:%M:%S %Z"));
  other = show_utc ? g_date_time_to_local (date) : g_date_time_to_utc (date);
  if (g_date_time_get_utc_offset (other) == g_date_time_get_utc_offset (date))
    return g_steal_pointer (&text);
  other_text = g_date_time_format (other, "%Y-%m-%d %H:%M:%S %Z");
  return g_strdup_printf ("%s\n%s", text, other_text);
}

static void
write_label (GObject *object)
{
  const gint64 *time = g_object_get_data (object, "ac-time");
  g_autofree char *text = ac_time_text_short (*time);
  g_autofree char *in_full = ac_time_text_full (*time);

  gtk_label_set_text (GTK_LABEL (object), text);
  gtk_widget_set_tooltip_text (GTK_WIDGET (object), in_full);
}

/**
 * ac_time_text_show:
 * @time: as in ac-time.h
 *
 * Has @label show @time in short, with the whole of it as its tooltip, and goes on doing so when it
 * is to be shown in another way.
 */
void
ac_time_text_show (GtkLabel *label, gint64 time)
{
  gboolean followed;

  g_return_if_fail (GTK_IS_LABEL (label));

  followed = g_object_get_data (G_OBJECT (label), "ac-time") != NULL;
  g_object_set_data_full (G_OBJECT (label), "ac-time", g_memdup2 (&time, sizeof time), g_free);
  if (!followed)
    ac_time_text_follow (label, write_label);
  write_label (G_OBJECT (label));
}

/**
 * ac_time_text_left:
 * @now: as in ac-time.h
 *
 * Returns: (transfer full): how long it is until @time, in the largest unit that tells it; "" for
 * no time.
 */
char *
ac_time_text_left (gint64 time, gint64 now)
{
  gint64 left = (time - now) / G_TIME_SPAN_MINUTE;

  if (time == AC_TIME_NONE)
    return g_strdup ("");
  if (time <= now)
    return g_strdup (_ ("now"));
  if (left >= 2 * 24 * 60)
    {
      guint n = (guint)(left / (24 * 60));

      /* Translators: how long something still waits */
      return g_strdup_printf (ngettext ("%u day", "%u days", n), n);
    }
  if (left >= 2 * 60)
    {
      guint n = (guint)(left / 60);

      /* Translators: how long something still waits */
      return g_strdup_printf (ngettext ("%u hour", "%u hours", n), n);
    }
  /* Translators: how long something still waits */
  return g_strdup_printf (ngettext ("%u minute", "%u minutes", (guint)left + 1), (guint)left + 1);
}

/**
 * ac_time_text_day:
 *
 * Returns: (transfer full): the day by ISO 8601, as ac_time_text_parse_day() reads it; "" for no
 * time.
 */
char *
ac_time_text_day (gint64 time)
{
  g_autoptr (GDateTime) date = to_date_time (time);

  return date != NULL ? g_date_time_format (date, "%Y-%m-%d") : g_strdup ("");
}

/**
 * ac_time_text_parse_day:
 * @start: (out): its first moment, as in ac-time.h
 * @end: (out): the first moment of the next day
 *
 * Returns: whether @text is a day by ISO 8601, in the zone in which times are shown.
 */
gboolean
ac_time_text_parse_day (const char *text, gint64 *start, gint64 *end)
{
  g_autoptr (GTimeZone) zone = show_utc ? g_time_zone_new_utc () : g_time_zone_new_local ();
  g_autoptr (GDateTime) first = NULL;
  g_autoptr (GDateTime) next = NULL;
  int year, month, day;
  char rest;

  if (sscanf (text, "%4d-%2d-%2d%c", &year, &month, &day, &rest) != 3)
    return FALSE;
  first = g_date_time_new (zone, year, month, day, 0, 0, 0);
  if (first == NULL || year < 1971)
    return FALSE;
  next = g_date_time_add_days (first, 1);
  *start = g_date_time_to_unix (first) * G_USEC_PER_SEC;
  *end = g_date_time_to_unix (next) * G_USEC_PER_SEC;
  return TRUE;
}
