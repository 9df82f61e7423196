/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What scrolling is measured by: a bare GtkColumnView of eight GtkLabels over a GListStore.
 *
 *   plain-list N          scrolls through N rows
 *   plain-list N clear    how long (milliseconds) it takes to empty it, and to fill it again
 *   plain-list N show WIDTH HEIGHT   shows it and does nothing by itself; Delete empties it */
#include "config.h"

#include <locale.h>
#include <stdlib.h>

#include "scroll.h"

#define COLUMNS 8

static void
setup_cb (GtkSignalListItemFactory *factory, GtkListItem *list_item, gpointer user_data)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_list_item_set_child (list_item, label);
}

static void
bind_cb (GtkSignalListItemFactory *factory, GtkListItem *list_item, gpointer user_data)
{
  static const char *const texts[COLUMNS] = {
    "1 Mar, 0%u:00",
    "Soft delete email %u",
    "Meeting moved to room %u",
    "user%u@mail.example.com",
    "Malicious %u",
    "Automated email %u",
    "m.rossi%u",
    "Undo queued %u",
  };
  GtkStringObject *row = gtk_list_item_get_item (list_item);
  guint number = (guint)atoi (gtk_string_object_get_string (row));
  g_autofree char *format = g_strdup (texts[GPOINTER_TO_UINT (user_data)]);
  char *hole = strchr (format, '%');
  g_autofree char *text =
      g_strdup_printf ("%.*s%u%s", (int)(hole - format), format, number, hole + 2);

  gtk_label_set_text (GTK_LABEL (gtk_list_item_get_child (list_item)), text);
}

static gboolean
ready_cb (gpointer user_data)
{
  return TRUE;
}

static GListStore *
make_rows (guint n)
{
  GListStore *store = g_list_store_new (GTK_TYPE_STRING_OBJECT);

  for (guint i = 0; i < n; i++)
    {
      char number[16];
      g_autoptr (GtkStringObject) row = NULL;

      g_snprintf (number, sizeof number, "%u", i);
      row = gtk_string_object_new (number);
      g_list_store_append (store, row);
    }
  return store;
}

static gint64 painted;

static void
painted_cb (GdkFrameClock *clock, gpointer user_data)
{
  painted++;
}

static void
await_frames (guint n)
{
  gint64 end = painted + n;

  while (painted < end)
    g_main_context_iteration (NULL, TRUE);
}

static void
measure_clearing (GtkWidget *window, GListStore *store, guint n)
{
  g_autoptr (GListStore) others = make_rows (n);
  g_autoptr (GPtrArray) rows = g_ptr_array_new ();
  gint64 started;
  double clearing;

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (GObject) row = g_list_model_get_item (G_LIST_MODEL (others), i);

      g_ptr_array_add (rows, row);
    }
  g_signal_connect_after (gtk_widget_get_frame_clock (window), "after-paint",
                          G_CALLBACK (painted_cb), NULL);
  gdk_frame_clock_begin_updating (gtk_widget_get_frame_clock (window));
  await_frames (20);
  started = g_get_monotonic_time ();
  g_list_store_remove_all (store);
  clearing = (double)(g_get_monotonic_time () - started) / 1000;
  await_frames (20);
  started = g_get_monotonic_time ();
  g_list_store_splice (store, 0, 0, rows->pdata, n);
  g_print ("{\"clearing\":%.1f,\"filling\":%.1f}\n", clearing,
           (double)(g_get_monotonic_time () - started) / 1000);
}

static gboolean
empty_cb (GtkWidget *window, GVariant *arguments, gpointer store)
{
  g_list_store_remove_all (store);
  return TRUE;
}

static void
empty_with_delete (GtkWidget *window, GListStore *store)
{
  GtkEventController *controller = gtk_shortcut_controller_new ();
  GtkShortcut *shortcut = gtk_shortcut_new (gtk_keyval_trigger_new (GDK_KEY_Delete, 0),
                                            gtk_callback_action_new (empty_cb, store, NULL));

  gtk_shortcut_controller_add_shortcut (GTK_SHORTCUT_CONTROLLER (controller), shortcut);
  gtk_widget_add_controller (window, controller);
}

int
main (int argc, char **argv)
{
  guint n = argc > 1 ? (guint)atoi (argv[1]) : 1000000;
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  GListStore *store;
  GtkWidget *view;
  GtkWidget *scrolled;
  GtkWidget *window;

  setlocale (LC_ALL, "");
  gtk_init ();
  store = make_rows (n);
  view = gtk_column_view_new (
      GTK_SELECTION_MODEL (gtk_multi_selection_new (G_LIST_MODEL (g_object_ref (store)))));
  for (guint i = 0; i < COLUMNS; i++)
    {
      GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
      GtkColumnViewColumn *column = gtk_column_view_column_new ("Column", factory);

      g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), NULL);
      g_signal_connect (factory, "bind", G_CALLBACK (bind_cb), GUINT_TO_POINTER (i));
      gtk_column_view_column_set_expand (column, TRUE);
      gtk_column_view_append_column (GTK_COLUMN_VIEW (view), column);
      g_object_unref (column);
    }
  scrolled = gtk_scrolled_window_new ();
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), view);
  window = gtk_window_new ();
  gtk_window_set_default_size (GTK_WINDOW (window), argc > 3 ? atoi (argv[3]) : 1600,
                               argc > 4 ? atoi (argv[4]) : 900);
  gtk_window_set_child (GTK_WINDOW (window), scrolled);
  gtk_window_present (GTK_WINDOW (window));
  if (argc > 2 && g_str_equal (argv[2], "show"))
    {
      empty_with_delete (window, store);
      g_main_loop_run (loop);
      return 0;
    }
  if (argc > 2)
    {
      measure_clearing (window, store, n);
      return 0;
    }
  scroll_run (window, GTK_SCROLLABLE (view), ready_cb, NULL, loop);
  g_main_loop_run (loop);
  return 0;
}
