/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "model/ac-time.h"
#include "window/ac-time-range.h"
#include "window/ac-time-text.h"

static const struct
{
  const char *name; /* in settings and links */
  const char *label;
  gint64 days;
} ranges[AC_N_TIME_RANGES] = {
  [AC_TIME_RANGE_ALL] = { "all", N_ ("All time"), 0 },
  [AC_TIME_RANGE_DAY] = { "day", N_ ("Past day"), 1 },
  [AC_TIME_RANGE_WEEK] = { "week", N_ ("Past week"), 7 },
  [AC_TIME_RANGE_30_DAYS] = { "30days", N_ ("Past 30 days"), 30 },
  [AC_TIME_RANGE_6_MONTHS] = { "6months", N_ ("Past 6 months"), 180 },
  [AC_TIME_RANGE_CUSTOM] = { "custom", N_ ("Custom…"), 0 },
};

/**
 * ac_time_range_apply:
 * @now: as in ac-time.h
 *
 * Returns: (transfer full): @query for what was changed last within the range.
 */
AcActionQuery *
ac_time_range_apply (const AcTimeRange *range, AcActionQuery *query, gint64 now)
{
  g_autoptr (AcActionQuery) after = NULL;
  gint64 from = AC_TIME_NONE;
  gint64 to = AC_TIME_NONE;

  if (range->kind == AC_TIME_RANGE_CUSTOM)
    {
      /* The bounds of a query do not belong to what it finds. */
      from = range->from != AC_TIME_NONE ? range->from - 1 : AC_TIME_NONE;
      to = range->to;
    }
  else if (ranges[range->kind].days > 0)
    from = now - ranges[range->kind].days * G_TIME_SPAN_DAY;
  after = ac_action_query_with_bound (query, AC_BOUND_UPDATED_AFTER, from);
  return ac_action_query_with_bound (after, AC_BOUND_UPDATED_BEFORE, to);
}

/**
 * ac_time_range_to_text:
 *
 * Returns: (transfer full): the range for settings, never translated.
 */
char *
ac_time_range_to_text (const AcTimeRange *range)
{
  g_autofree char *from = NULL;
  g_autofree char *to = NULL;

  if (range->kind != AC_TIME_RANGE_CUSTOM)
    return g_strdup (ranges[range->kind].name);
  from = range->from != AC_TIME_NONE ? ac_time_format (range->from) : g_strdup ("");
  to = range->to != AC_TIME_NONE ? ac_time_format (range->to) : g_strdup ("");
  return g_strdup_printf ("custom/%s/%s", from, to);
}

static gboolean
parse_end (const char *text, gint64 *time)
{
  *time = AC_TIME_NONE;
  return *text == '\0' || ac_time_parse (text, FALSE, time);
}

/**
 * ac_time_range_parse:
 * @text: as ac_time_range_to_text() gives it
 *
 * Returns: whether it is one.
 */
gboolean
ac_time_range_parse (const char *text, AcTimeRange *range)
{
  g_auto (GStrv) parts = g_strsplit (text, "/", 3);

  *range = (AcTimeRange){ .kind = AC_TIME_RANGE_ALL, .from = AC_TIME_NONE, .to = AC_TIME_NONE };
  for (guint i = 0; i < AC_N_TIME_RANGES; i++)
    if (g_strcmp0 (parts[0], ranges[i].name) == 0)
      {
        range->kind = (AcTimeRangeKind)i;
        return i != AC_TIME_RANGE_CUSTOM ||
               (g_strv_length (parts) == 3 && parse_end (parts[1], &range->from) &&
                parse_end (parts[2], &range->to));
      }
  return FALSE;
}

/**
 * ac_time_range_get_label:
 *
 * Returns: (transfer none): what that choice is called.
 */
const char *
ac_time_range_get_label (AcTimeRangeKind kind)
{
  g_return_val_if_fail ((guint)kind < AC_N_TIME_RANGES, NULL);

  return _ (ranges[kind].label);
}

/**
 * ac_time_range_describe:
 *
 * Returns: (transfer full): the range in words.
 */
char *
ac_time_range_describe (const AcTimeRange *range)
{
  g_autofree char *from = NULL;
  g_autofree char *to = NULL;

  if (range->kind != AC_TIME_RANGE_CUSTOM)
    return g_strdup (_ (ranges[range->kind].label));
  from = ac_time_text_day (range->from);
  to = ac_time_text_day (range->to != AC_TIME_NONE ? range->to - 1 : AC_TIME_NONE);
  if (range->to == AC_TIME_NONE)
    /* Translators: a day */
    return g_strdup_printf (_ ("Since %s"), from);
  if (range->from == AC_TIME_NONE)
    /* Translators: a day */
    return g_strdup_printf (_ ("Until %s"), to);
  /* Translators: two days */
  return g_strdup_printf (_ ("%1$s to %2$s"), from, to);
}
