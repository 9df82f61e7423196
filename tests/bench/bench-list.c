/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The list of actions on a generated mirror, without the window around it:
 *
 *   bench-list FOLDER scroll     scrolls it
 *   bench-list FOLDER queries    changes what it shows: for each change a line of JSON with the
 *                                milliseconds until its first rows were painted, and until the keys
 *                                of all were there */
#include "config.h"

#include <adwaita.h>
#include <locale.h>
#include <string.h>

#include "client/ac-mirror-action-source.h"
#include "generate-mirror.h"
#include "scroll.h"
#include "window/ac-action-columns.h"
#include "window/ac-action-view.h"
#include "window/ac-frame-memory.h"
#include "window/ac-ui.h"
#include "window/ac-warm-up.h"

/* Nothing happens for so long (microseconds): all is done. */
#define QUIET 60000

static AcActionList *list;
static AcActionView *view;
static GtkWidget *column_view;
static gint64 waiting_since; /* 0: nothing is waited for */
static gint64 painted_at;
static gboolean changed; /* the keys of the query that is waited for have come */

static void
store_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **)user_data = g_object_ref (result);
}

static AcActionList *
open_list (const char *folder)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (AcMirror) mirror = NULL;
  g_autoptr (AcMirrorActionSource) source = NULL;
  g_autoptr (AcActionQuery) history = ac_action_query_new (AC_TAB_HISTORY);

  ac_mirror_open_async (folder, GENERATE_MIRROR_ADDRESS, GENERATE_MIRROR_ACCOUNT, NULL, store_cb,
                        &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  mirror = ac_mirror_open_finish (result, &error);
  if (mirror == NULL)
    g_error ("%s", error->message);
  source = ac_mirror_action_source_new (mirror, NULL);
  return ac_action_list_new (AC_ACTION_SOURCE (source), history);
}

static GtkWidget *
find_column_view (GtkWidget *widget)
{
  if (GTK_IS_COLUMN_VIEW (widget))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_column_view (child);

      if (found != NULL)
        return found;
    }
  return NULL;
}

static gboolean
has_text (GtkWidget *widget)
{
  if (GTK_IS_INSCRIPTION (widget))
    {
      const char *text = gtk_inscription_get_text (GTK_INSCRIPTION (widget));

      return text != NULL && *text != '\0';
    }
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (has_text (child))
      return TRUE;
  return FALSE;
}

/* Whether a row shows what the list has there: its texts, or none behind the end of the list, where
 * rows that are not needed any more are emptied at once and taken away later. */
static gboolean
is_right (GtkWidget *row)
{
  GtkListItem *item = ac_action_columns_get_list_item (row);
  guint n = g_list_model_get_n_items (G_LIST_MODEL (list));

  return has_text (row) == (item == NULL || gtk_list_item_get_position (item) < n);
}

/* Whether every row on the screen shows what it should. */
static gboolean
rows_are_right (gpointer unused)
{
  GtkWidget *rows = gtk_widget_get_last_child (column_view);
  int height = gtk_widget_get_height (rows);

  for (GtkWidget *row = gtk_widget_get_first_child (rows); row != NULL;
       row = gtk_widget_get_next_sibling (row))
    {
      graphene_rect_t bounds;

      if (!gtk_widget_get_mapped (row) || !gtk_widget_compute_bounds (row, rows, &bounds) ||
          bounds.origin.y + bounds.size.height <= 0 || bounds.origin.y >= (float)height)
        continue;
      if (!is_right (row))
        return FALSE;
    }
  return TRUE;
}

static void
after_paint_cb (GdkFrameClock *clock, gpointer user_data)
{
  if (waiting_since != 0 && changed && painted_at == 0 && rows_are_right (NULL))
    painted_at = g_get_monotonic_time ();
}

static void
has_changed_cb (void)
{
  changed = TRUE;
}

static void
loading_cb (void)
{
  /* When there was nothing and there is nothing, nothing changes; but that is painted, too. */
  if (!ac_action_list_get_loading (list))
    {
      changed = TRUE;
      gtk_widget_queue_draw (column_view);
    }
}

static void
measure (AcActionQuery *query, const char *name, gboolean print)
{
  gint64 all_at = 0;

  changed = FALSE;
  painted_at = 0;
  waiting_since = g_get_monotonic_time ();
  ac_action_list_set_query (list, query);
  while (painted_at == 0 || all_at == 0)
    {
      g_main_context_iteration (NULL, TRUE);
      if (all_at == 0 && !ac_action_list_get_loading (list))
        all_at = g_get_monotonic_time ();
    }
  if (print)
    g_print ("{\"name\":\"%s\",\"painted\":%.2f,\"all\":%.2f,\"rows\":%u}\n", name,
             (double)(painted_at - waiting_since) / 1000, (double)(all_at - waiting_since) / 1000,
             g_list_model_get_n_items (G_LIST_MODEL (list)));
  waiting_since = 0;
  /* What is still under way does not count for the next. */
  for (gint64 end = g_get_monotonic_time () + QUIET; g_get_monotonic_time () < end;)
    if (g_main_context_iteration (NULL, FALSE))
      end = g_get_monotonic_time () + QUIET;
    else
      g_usleep (1000);
}

static void
measure_queries (void)
{
  static const struct
  {
    const char *name;
    AcFilter filter;
    const char *value;
  } filters[] = {
    { "filter verdict", AC_FILTER_VERDICT, "suspicious" },
    { "filter status", AC_FILTER_STATUS, "failed" },
    { "filter type", AC_FILTER_TYPE, "softDeleteEmail" },
    { "filter decidedBy", AC_FILTER_DECIDED_BY, "m.rossi" },
  };
  static const char *const searches[] = { "invoice", "64099", "sandbox-nothing" };
  g_autoptr (AcActionQuery) history = ac_action_query_new (AC_TAB_HISTORY);

  for (guint sort = 0; sort < AC_N_SORTS; sort++)
    {
      g_autoptr (AcActionQuery) query = ac_action_query_with_sort (history, (AcSort)sort, FALSE);
      g_autofree char *name = g_strdup_printf ("sort %s", ac_sort_wire ((AcSort)sort));

      measure (query, name, TRUE);
    }
  measure (history, "", FALSE);
  for (guint i = 0; i < G_N_ELEMENTS (filters); i++)
    {
      const char *const values[] = { filters[i].value, NULL };
      g_autoptr (AcActionQuery) query =
          ac_action_query_with_filter (history, filters[i].filter, values);

      measure (query, filters[i].name, TRUE);
      measure (history, "", FALSE);
    }
  for (guint i = 0; i < G_N_ELEMENTS (searches); i++)
    {
      g_autoptr (AcActionQuery) query = ac_action_query_with_search (history, searches[i]);
      g_autofree char *name = g_strdup_printf ("search %s", searches[i]);

      measure (query, name, TRUE);
      measure (history, "", FALSE);
    }
}

int
main (int argc, char **argv)
{
  g_autoptr (AcColumnLayout) layout = ac_column_layout_new (AC_TAB_HISTORY);
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  GtkWidget *window;

  if (argc != 3)
    g_error ("bench-list FOLDER scroll|queries");
  /* The memory of the program is kept and got ahead as that of the window is. */
  ac_warm_up_keep_memory ();
  setlocale (LC_ALL, "");
  ac_ui_init ();
  adw_init ();
  ac_ui_add_icons (gdk_display_get_default ());
  list = open_list (argv[1]);
  view = g_object_new (AC_TYPE_ACTION_VIEW, NULL);
  ac_action_view_set_list (view, list);
  window = gtk_window_new ();
  gtk_window_set_default_size (GTK_WINDOW (window), 1600, 900);
  gtk_window_set_child (GTK_WINDOW (window), GTK_WIDGET (view));
  gtk_window_present (GTK_WINDOW (window));
  column_view = find_column_view (GTK_WIDGET (view));
  ac_action_columns_set_layout (GTK_COLUMN_VIEW (column_view), layout);
  while (ac_action_list_get_loading (list))
    g_main_context_iteration (NULL, TRUE);
  ac_warm_up_start ();
  ac_frame_memory_keep (GTK_NATIVE (window));
  for (gint64 end = g_get_monotonic_time () + G_USEC_PER_SEC; g_get_monotonic_time () < end;)
    if (!g_main_context_iteration (NULL, FALSE))
      g_usleep (1000);
  if (g_str_equal (argv[2], "scroll"))
    {
      scroll_run (window, GTK_SCROLLABLE (column_view), rows_are_right, NULL, loop);
      g_main_loop_run (loop);
      return 0;
    }
  g_signal_connect_after (gtk_widget_get_frame_clock (window), "after-paint",
                          G_CALLBACK (after_paint_cb), NULL);
  g_signal_connect (list, "has-changed", G_CALLBACK (has_changed_cb), NULL);
  g_signal_connect (list, "notify::loading", G_CALLBACK (loading_cb), NULL);
  measure_queries ();
  return 0;
}
