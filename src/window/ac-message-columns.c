/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "window/ac-accessible.h"
#include "window/ac-badge.h"
#include "window/ac-compat.h"
#include "window/ac-message-columns.h"
#include "window/ac-time-text.h"

typedef struct
{
  const char *title;
  guint chars; /* room for so many characters, so that it grows with the text size */
  gboolean expand;
  char *(*text) (AcFoundMessage *message); /* transfer full; NULL: a badge shows it */
  void (*show) (AcBadge *badge, AcFoundMessage *message);
} Column;

static char *
text_subject (AcFoundMessage *message)
{
  const char *subject = ac_found_message_get_subject (message);

  return g_strdup (subject != NULL ? subject : _ ("(no subject)"));
}

static char *
text_received (AcFoundMessage *message)
{
  return ac_time_text_short (ac_found_message_get_received_at (message));
}

static char *
text_sender (AcFoundMessage *message)
{
  return g_strdup (ac_found_message_get_sender (message));
}

static char *
text_mailbox (AcFoundMessage *message)
{
  return g_strdup (ac_found_message_get_mailbox (message));
}

static char *
text_location (AcFoundMessage *message)
{
  return g_strdup (ac_found_message_get_recoverable (message)
                       ? _ ("Soft deleted")
                       : ac_found_message_get_folder (message));
}

static char *
text_recipients (AcFoundMessage *message)
{
  return g_strdup (ac_found_message_get_recipients (message));
}

static char *
text_attachments (AcFoundMessage *message)
{
  return g_strdup (ac_found_message_get_attachments (message));
}

static char *
text_action (AcFoundMessage *message)
{
  if (ac_found_message_get_action_id (message) == NULL)
    return NULL;
  /* Translators: type and status of an action */
  return g_strdup_printf (
      _ ("%1$s: %2$s"),
      ac_vocabulary_label (AC_VOCABULARY_ACTION_TYPE, ac_found_message_get_action_type (message)),
      ac_vocabulary_label (AC_VOCABULARY_STATUS, ac_found_message_get_action_status (message)));
}

static void
show_verdict (AcBadge *badge, AcFoundMessage *message)
{
  ac_badge_set_verdict (badge, message != NULL ? ac_found_message_get_verdict (message) : NULL);
}

/* In the order in which they stand. */
static const Column columns[] = {
  { N_ ("Subject"), 24, TRUE, text_subject, NULL },
  { N_ ("Received"), 16, FALSE, text_received, NULL },
  { N_ ("Sender"), 20, FALSE, text_sender, NULL },
  { N_ ("Mailbox"), 18, FALSE, text_mailbox, NULL },
  { N_ ("Location"), 12, FALSE, text_location, NULL },
  { N_ ("Verdict"), 13, FALSE, NULL, show_verdict },
  { N_ ("Latest action"), 20, FALSE, text_action, NULL },
  { N_ ("Recipients"), 20, FALSE, text_recipients, NULL },
  { N_ ("Attachments"), 16, FALSE, text_attachments, NULL },
};

/**
 * ac_message_columns_describe:
 *
 * Returns: (transfer full): what a screen reader says of a whole row.
 */
char *
ac_message_columns_describe (AcFoundMessage *message)
{
  g_autofree char *subject = text_subject (message);
  g_autofree char *location = text_location (message);
  const char *sender = ac_found_message_get_sender (message);

  /* Translators: a row read aloud: subject, sender, mailbox, folder */
  return g_strdup_printf (_ ("%1$s, %2$s, %3$s, %4$s"), subject, sender != NULL ? sender : "",
                          ac_found_message_get_mailbox (message), location);
}

static void
setup_cb (GtkSignalListItemFactory *factory, GtkListItem *list_item, const Column *column)
{
  GtkWidget *child;

  if (column->show != NULL)
    {
      child = ac_badge_new ();
      ac_badge_set_width_chars (AC_BADGE (child), column->chars);
    }
  else
    {
      child = g_object_new (GTK_TYPE_INSCRIPTION, "nat-lines", 1, "min-chars", column->chars,
                            "nat-chars", column->chars, "text-overflow",
                            GTK_INSCRIPTION_OVERFLOW_ELLIPSIZE_END, NULL);
      ac_compat_align_inscription (GTK_INSCRIPTION (child));
    }
  gtk_list_item_set_child (list_item, child);
}

static void
describe_row (GtkWidget *child, AcFoundMessage *message)
{
  g_autofree char *description = ac_message_columns_describe (message);

  ac_accessible_name_row (child, description);
}

static void
bind_cb (GtkSignalListItemFactory *factory, GtkListItem *list_item, const Column *column)
{
  GtkWidget *child = gtk_list_item_get_child (list_item);
  AcFoundMessage *message = gtk_list_item_get_item (list_item);
  g_autofree char *text = NULL;

  if (column->show != NULL)
    {
      column->show (AC_BADGE (child), message);
      return;
    }
  text = column->text (message);
  gtk_inscription_set_text (GTK_INSCRIPTION (child), text);
  gtk_widget_set_tooltip_text (child, text);
  if (column == &columns[0])
    describe_row (child, message);
}

static int
compare_texts (AcFoundMessage *a, AcFoundMessage *b, const Column *column)
{
  g_autofree char *left = column->text (a);
  g_autofree char *right = column->text (b);

  return g_utf8_collate (left != NULL ? left : "", right != NULL ? right : "");
}

static int
compare_cb (gconstpointer a, gconstpointer b, gpointer user_data)
{
  AcFoundMessage *left = (gpointer)a;
  AcFoundMessage *right = (gpointer)b;
  const Column *column = user_data;
  gint64 left_time = ac_found_message_get_received_at (left);
  gint64 right_time = ac_found_message_get_received_at (right);

  if (column->text == text_received)
    return (left_time > right_time) - (left_time < right_time);
  if (column->show != NULL)
    {
      int one = ac_vocabulary_parse (AC_VOCABULARY_VERDICT, ac_found_message_get_verdict (left));
      int two = ac_vocabulary_parse (AC_VOCABULARY_VERDICT, ac_found_message_get_verdict (right));

      return (one > two) - (one < two);
    }
  return compare_texts (left, right, column);
}

static GtkColumnViewColumn *
column_new (const Column *column)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  GtkColumnViewColumn *made;
  g_autoptr (GtkSorter) sorter =
      GTK_SORTER (gtk_custom_sorter_new (compare_cb, (gpointer)column, NULL));

  g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), (gpointer)column);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_cb), (gpointer)column);
  made = gtk_column_view_column_new (_ (column->title), factory);
  gtk_column_view_column_set_sorter (made, sorter);
  gtk_column_view_column_set_expand (made, column->expand);
  gtk_column_view_column_set_resizable (made, TRUE);
  return made;
}

/**
 * ac_message_columns_add:
 * @view: of AcFoundMessages; sorted by the time they were received, newest first
 */
void
ac_message_columns_add (GtkColumnView *view)
{
  for (gsize i = 0; i < G_N_ELEMENTS (columns); i++)
    {
      g_autoptr (GtkColumnViewColumn) column = column_new (&columns[i]);

      gtk_column_view_append_column (view, column);
      if (columns[i].text == text_received)
        gtk_column_view_sort_by_column (view, column, GTK_SORT_DESCENDING);
    }
}
