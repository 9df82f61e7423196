/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>

#include "model/ac-alert.h"
#include "model/ac-investigation-state.h"
#include "model/ac-time.h"
#include "window/ac-adaptive-bin.h"
#include "window/ac-duration-text.h"
#include "window/ac-entity-details.h"
#include "window/ac-fact-row.h"
#include "window/ac-flyout.h"
#include "window/ac-investigation-graph.h"
#include "window/ac-investigation-tables.h"
#include "window/ac-investigation-view.h"
#include "window/ac-investigation-wording.h"
#include "window/ac-page-tab.h"
#include "window/ac-scroll-start.h"
#include "window/ac-time-text.h"
#include "window/ac-ui.h"

/* Of the log, at a time; and of a log that is longer than this, its beginning is shown. */
#define LOG_PAGE 1000
#define LOG_MOST 20000
/* After a change of some action, in milliseconds: it may be of this investigation, and more may
 * follow. */
#define PAUSE 400

/* So wide the page must be, in pixels at normal text size, for the facts to stand beside the graph,
 * and for a graph of six layers to go across. */
#define ROOM_BESIDE 900
#define ROOM_ACROSS 1520

struct _AcInvestigationView
{
  GtkWidget parent_instance;

  AcAdaptiveBin *bin;
  GtkStack *stack;
  AdwStatusPage *error_page;
  GtkWidget *notice;
  GtkLabel *notice_text;
  GtkLabel *title;
  GtkLabel *subtitle;
  GtkImage *status_icon;
  GtkBox *tabs;
  GtkStack *pages;
  GtkPaned *paned;
  GtkScrolledWindow *graph_page;
  GtkLabel *description;
  GtkLabel *explanation;
  GtkFlowBox *facts;
  GtkBox *graph_box;
  AcInvestigationGraph *graph;
  AcFlyout *flyout; /* nullable: made when it is needed */
  GtkWidget *graph_tab;
  GtkWidget *table_tabs[AC_INVESTIGATION_N_TABLES];
  AcTextTable *tables[AC_INVESTIGATION_N_TABLES];

  AcDecisions *decisions;
  AcActionSource *source; /* nullable: whose changes are followed */
  gboolean had_source;    /* there was one before */
  char *id;               /* nullable: of the investigation to show */
  char *tab;
  AcInvestigation *investigation; /* nullable */
  GPtrArray *log;                 /* of AcLogEntry: as far as it is known */
  GPtrArray *next_log;            /* of AcLogEntry: being read; nullable */
  GCancellable *cancellable;
  gboolean loading;
  gboolean again; /* something has changed since it was asked for */
  guint pause;    /* not 0: it will be asked for again when this is over */

  AcActionItem *item; /* nullable: what the flyout shows */
};

G_DEFINE_FINAL_TYPE (AcInvestigationView, ac_investigation_view, GTK_TYPE_WIDGET)

enum
{
  PROP_0,
  PROP_TAB,
  N_PROPERTIES
};

static GParamSpec *properties[N_PROPERTIES];

static AcApi *
get_api (AcInvestigationView *self)
{
  return self->decisions != NULL ? ac_session_get_api (ac_decisions_get_session (self->decisions))
                                 : NULL;
}

/* --- the action beside it --- */

static gboolean
flyout_is_shown (AcInvestigationView *self)
{
  return self->flyout != NULL && gtk_widget_get_visible (GTK_WIDGET (self->flyout));
}

static void
update_layout (AcInvestigationView *self)
{
  gboolean covered = ac_adaptive_bin_get_narrow (self->bin) && flyout_is_shown (self);

  gtk_widget_set_visible (GTK_WIDGET (self->pages), !covered);
}

/* What there is to say about the investigation stands beside the graph; or under it, where there is
 * no room, or so much that the graph goes across. */
static void
width_cb (AcInvestigationView *self)
{
  int width = ac_adaptive_bin_get_available_width (self->bin);
  gboolean beside = width >= ROOM_BESIDE && width < ROOM_ACROSS;

  gtk_orientable_set_orientation (GTK_ORIENTABLE (self->graph_box),
                                  beside ? GTK_ORIENTATION_HORIZONTAL : GTK_ORIENTATION_VERTICAL);
  gtk_flow_box_set_max_children_per_line (self->facts, beside ? 1 : 6);
}

/* A tab that is chosen from elsewhere comes into sight. */
static void
show_tab (AcInvestigationView *self, GtkWidget *tab)
{
  GtkWidget *scrolled = gtk_widget_get_ancestor (tab, GTK_TYPE_SCROLLED_WINDOW);
  graphene_rect_t bounds;

  if (gtk_widget_compute_bounds (tab, GTK_WIDGET (self->tabs), &bounds))
    gtk_adjustment_clamp_page (gtk_scrolled_window_get_hadjustment (GTK_SCROLLED_WINDOW (scrolled)),
                               bounds.origin.x, bounds.origin.x + bounds.size.width);
}

static void
close_flyout (AcInvestigationView *self)
{
  if (!flyout_is_shown (self))
    return;
  ac_flyout_clear (self->flyout);
  gtk_widget_set_visible (GTK_WIDGET (self->flyout), FALSE);
  g_clear_object (&self->item);
  update_layout (self);
  gtk_widget_child_focus (GTK_WIDGET (self->pages), GTK_DIR_TAB_FORWARD);
}

static void show_offline (AcInvestigationView *self);

static void
ensure_flyout (AcInvestigationView *self)
{
  if (self->flyout != NULL)
    return;
  self->flyout = g_object_new (AC_TYPE_FLYOUT, "visible", FALSE, "width-request", 240, NULL);
  g_signal_connect_object (self->flyout, "close", G_CALLBACK (close_flyout), self,
                           G_CONNECT_SWAPPED);
  ac_flyout_set_decisions (self->flyout, self->decisions);
  gtk_paned_set_end_child (self->paned, GTK_WIDGET (self->flyout));
  show_offline (self);
}

static void
row_activated_cb (AcInvestigationView *self, GObject *subject)
{
  int width = gtk_widget_get_width (GTK_WIDGET (self->paned));

  if (AC_IS_ENTITY (subject))
    gtk_window_present (ac_entity_details_new (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))),
                                               self->investigation, AC_ENTITY (subject)));
  if (!AC_IS_ACTION (subject))
    return;
  ensure_flyout (self);
  g_clear_object (&self->item);
  self->item = ac_action_item_new (0);
  ac_action_item_set_action (self->item, AC_ACTION (subject));
  ac_flyout_show_item (self->flyout, self->item);
  ac_flyout_set_position (self->flyout, GTK_INVALID_LIST_POSITION, 0, FALSE, FALSE);
  if (!flyout_is_shown (self))
    {
      gtk_widget_set_visible (GTK_WIDGET (self->flyout), TRUE);
      gtk_paned_set_position (self->paned, MAX (width - 420, width / 2));
    }
  update_layout (self);
}

/* What the flyout shows is the action as it is now. */
static void
follow_item (AcInvestigationView *self)
{
  GPtrArray *actions = ac_investigation_get_actions (self->investigation);
  AcAction *shown = self->item != NULL ? ac_action_item_get_action (self->item) : NULL;

  for (guint i = 0; shown != NULL && i < actions->len; i++)
    if (g_strcmp0 (ac_action_get_id (actions->pdata[i]), ac_action_get_id (shown)) == 0)
      {
        ac_action_item_set_action (self->item, actions->pdata[i]);
        return;
      }
}

/* --- what is shown --- */

static void
add_fact (AcInvestigationView *self, const char *label, const char *value)
{
  GtkWidget *row;

  if (value == NULL || *value == '\0')
    return;
  row = ac_fact_row_new (label, value);
  gtk_flow_box_insert (self->facts, row, -1);
  gtk_widget_set_focusable (gtk_widget_get_parent (row), FALSE);
}

static void
show_facts (AcInvestigationView *self, gint64 now)
{
  AcInvestigation *investigation = self->investigation;
  GPtrArray *alerts = ac_investigation_get_alerts (investigation);
  AcAlert *alert = alerts->len > 0 ? alerts->pdata[0] : NULL;
  const char *severity = ac_investigation_get_severity (investigation);
  const char *state = ac_investigation_get_state (investigation);
  g_autofree char *started = ac_time_text_full (ac_investigation_get_created_at (investigation));
  g_autofree char *ended = ac_time_text_full (ac_investigation_get_ended_at (investigation));
  g_autofree char *updated = ac_time_text_full (ac_investigation_get_updated_at (investigation));
  g_autofree char *duration = ac_duration_text (ac_investigation_get_duration (investigation, now));
  g_autofree char *waiting = ac_investigation_wording_waiting (investigation, now);
  g_autofree char *working =
      ac_duration_text (ac_investigation_get_duration (investigation, now) -
                        MIN (ac_investigation_get_pending_time (investigation, now),
                             ac_investigation_get_duration (investigation, now)));
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->facts))) != NULL)
    gtk_flow_box_remove (self->facts, child);
  if (severity == NULL && alert != NULL)
    severity = ac_alert_get_severity (alert);
  add_fact (self, _ ("Severity"), ac_investigation_wording_severity (severity));
  add_fact (self, _ ("Category"), alert != NULL ? ac_alert_get_category (alert) : NULL);
  add_fact (self, _ ("Trigger"), ac_investigation_get_trigger (investigation));
  add_fact (self, _ ("Detection source"), ac_investigation_get_detection_source (investigation));
  add_fact (self, _ ("State as reported"), ac_investigation_state_label (state));
  add_fact (self, _ ("Started"), started);
  add_fact (self, _ ("Ended"), ended);
  add_fact (self, _ ("Last change"), updated);
  add_fact (self, _ ("Duration"), duration);
  add_fact (self, _ ("Total pending time"), waiting);
  add_fact (self, _ ("Without the waiting"), waiting != NULL ? working : NULL);
  add_fact (self, _ ("Investigation ID"), ac_investigation_get_id (investigation));
  add_fact (self, _ ("External id"), ac_investigation_get_external_id (investigation));
}

static void
show_head (AcInvestigationView *self)
{
  AcInvestigation *investigation = self->investigation;
  const char *status = ac_investigation_get_status (investigation);
  const char *description = ac_investigation_get_description (investigation);
  const char *explanation = ac_investigation_status_explanation (status);
  const char *style_class = ac_investigation_wording_status_class (status);
  const char *const classes[] = { style_class, NULL };
  g_autofree char *short_id = g_strndup (ac_investigation_get_id (investigation), 8);
  g_autofree char *subtitle =
      /* Translators: the beginning of the id of an investigation, and its status */
      g_strdup_printf (_ ("%1$s · %2$s"), short_id, ac_investigation_state_label (status));

  gtk_label_set_text (self->title, ac_investigation_get_title (investigation));
  gtk_label_set_text (self->subtitle, subtitle);
  gtk_image_set_from_icon_name (self->status_icon, ac_investigation_wording_status_icon (status));
  gtk_widget_set_css_classes (GTK_WIDGET (self->status_icon), (const char **)classes);
  gtk_label_set_text (self->explanation, explanation != NULL ? explanation : "");
  gtk_widget_set_visible (GTK_WIDGET (self->explanation), explanation != NULL);
  gtk_label_set_text (self->description, description != NULL ? description : "");
  gtk_widget_set_visible (GTK_WIDGET (self->description),
                          description != NULL && *description != '\0');
}

static void
show_tables (AcInvestigationView *self)
{
  for (guint i = 0; i < AC_INVESTIGATION_N_TABLES; i++)
    {
      g_autofree char *rows = NULL;
      guint n;

      ac_investigation_table_fill (self->tables[i], i, self->investigation, self->log);
      n = ac_text_table_get_n_rows (self->tables[i]);
      ac_page_tab_set_count (AC_PAGE_TAB (self->table_tabs[i]), n);
      rows = g_strdup_printf (ngettext ("%u row", "%u rows", n), n);
      gtk_accessible_update_property (GTK_ACCESSIBLE (self->table_tabs[i]),
                                      GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, rows, -1);
      /* The tab that is looked at stays, so that the last decision does not take it away. */
      gtk_widget_set_visible (self->table_tabs[i],
                              n > 0 || g_strcmp0 (self->tab, ac_investigation_table_name (i)) == 0);
    }
}

static void
show_investigation (AcInvestigationView *self)
{
  show_head (self);
  show_facts (self, ac_time_now ());
  ac_investigation_graph_set_investigation (self->graph, self->investigation);
  show_tables (self);
  follow_item (self);
  gtk_stack_set_visible_child_name (self->stack, "investigation");
}

/* --- loading --- */

static void
set_notice (AcInvestigationView *self, const char *text)
{
  gtk_label_set_text (self->notice_text, text != NULL ? text : "");
  gtk_widget_set_visible (self->notice, text != NULL);
}

static gboolean pause_cb (gpointer data);

static void
finished (AcInvestigationView *self)
{
  self->loading = FALSE;
  if (self->again && self->pause == 0)
    self->pause = g_timeout_add (PAUSE, pause_cb, self);
}

/* What is shown stays, and it is said that it may be old. */
static void
failed (AcInvestigationView *self, const GError *error)
{
  g_autofree char *escaped = NULL;
  g_autofree char *text = NULL;

  if (self->investigation != NULL)
    {
      text = g_strdup_printf (_ ("This may be out of date. %s"), error->message);
      set_notice (self, text);
    }
  else
    {
      escaped = g_markup_escape_text (error->message, -1);
      adw_status_page_set_description (self->error_page, escaped);
      gtk_stack_set_visible_child_name (self->stack, "error");
    }
  finished (self);
}

static void
log_cb (GObject *source_object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AcInvestigationView) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (AcInvestigationLogPage) page =
      ac_api_list_investigation_log_finish (AC_API (source_object), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) ||
      g_task_get_cancellable (G_TASK (result)) != self->cancellable)
    return;
  if (page == NULL)
    {
      g_clear_pointer (&self->next_log, g_ptr_array_unref);
      failed (self, error);
      return;
    }
  g_ptr_array_extend_and_steal (self->next_log, g_steal_pointer (&page->entries));
  if (page->next_cursor != NULL && self->next_log->len < LOG_MOST)
    {
      ac_api_list_investigation_log_async (AC_API (source_object), self->id, page->next_cursor,
                                           LOG_PAGE, self->cancellable, log_cb,
                                           g_object_ref (self));
      return;
    }
  g_ptr_array_unref (self->log);
  self->log = g_steal_pointer (&self->next_log);
  show_tables (self);
  if (page->next_cursor != NULL)
    set_notice (self, _ ("The log is too long to be shown whole; this is its beginning."));
  finished (self);
}

static void
loaded_cb (GObject *source_object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AcInvestigationView) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (AcInvestigation) investigation =
      ac_api_get_investigation_finish (AC_API (source_object), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) ||
      g_task_get_cancellable (G_TASK (result)) != self->cancellable)
    return;
  if (investigation == NULL)
    {
      failed (self, error);
      return;
    }
  g_set_object (&self->investigation, investigation);
  set_notice (self, NULL);
  show_investigation (self);
  g_clear_pointer (&self->next_log, g_ptr_array_unref);
  self->next_log = g_ptr_array_new_with_free_func (g_object_unref);
  ac_api_list_investigation_log_async (AC_API (source_object), self->id, NULL, LOG_PAGE,
                                       self->cancellable, log_cb, g_object_ref (self));
}

static void
stop_loading (AcInvestigationView *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_handle_id (&self->pause, g_source_remove);
  self->loading = FALSE;
  self->again = FALSE;
}

static void
changed_cb (AcInvestigationView *self)
{
  if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    ac_investigation_view_refresh (self);
}

static gboolean
pause_cb (gpointer data)
{
  AcInvestigationView *self = data;

  self->pause = 0;
  changed_cb (self);
  return G_SOURCE_REMOVE;
}

/* An action that moves on changes the tables, whether or not it changes the investigation. */
static void
action_changed_cb (AcInvestigationView *self)
{
  if (self->pause == 0 && self->investigation != NULL &&
      ac_investigation_get_action_count (self->investigation) > 0)
    self->pause = g_timeout_add (PAUSE, pause_cb, self);
}

static void
forget_source (AcInvestigationView *self)
{
  if (self->source != NULL)
    g_signal_handlers_disconnect_by_data (self->source, self);
  g_clear_object (&self->source);
}

static void
show_offline (AcInvestigationView *self)
{
  if (self->flyout != NULL)
    ac_flyout_set_offline (self->flyout,
                           self->source == NULL ||
                               ac_action_source_get_offline_since (self->source) != AC_TIME_NONE);
}

/* What another service or another account has shown is not looked at, nor decided on, with this
 * one. */
static void
forget_investigation (AcInvestigationView *self)
{
  g_autofree char *id = g_steal_pointer (&self->id);
  g_autofree char *tab = g_strdup (self->tab);

  if (id == NULL)
    return;
  ac_investigation_view_show (self, id);
  ac_investigation_view_set_tab (self, tab);
}

static void
source_cb (AcInvestigationView *self)
{
  AcActionSource *source = ac_session_get_source (ac_decisions_get_session (self->decisions));

  if (source == self->source)
    return;
  forget_source (self);
  if (source == NULL)
    {
      show_offline (self);
      return;
    }
  if (self->had_source)
    forget_investigation (self);
  self->had_source = TRUE;
  self->source = g_object_ref (source);
  g_signal_connect_object (source, "notify::offline-since", G_CALLBACK (show_offline), self,
                           G_CONNECT_SWAPPED);
  show_offline (self);
  g_signal_connect_object (source, "investigations-changed", G_CALLBACK (changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (source, "changed", G_CALLBACK (action_changed_cb), self,
                           G_CONNECT_SWAPPED);
  changed_cb (self);
}

/* --- tabs --- */

static void
open_tab_cb (AcInvestigationView *self, const char *tab)
{
  ac_investigation_view_set_tab (self, tab);
  gtk_widget_child_focus (gtk_stack_get_visible_child (self->pages), GTK_DIR_TAB_FORWARD);
}

static GtkWidget *
add_tab (AcInvestigationView *self, const char *name, const char *title)
{
  GtkWidget *tab = g_object_new (AC_TYPE_PAGE_TAB, "title", title, NULL);

  gtk_actionable_set_action_name (GTK_ACTIONABLE (tab), "page.tab");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (tab), "s", name);
  gtk_box_append (self->tabs, tab);
  return tab;
}

static void
add_tables (AcInvestigationView *self)
{
  self->graph_tab = add_tab (self, "graph", _ ("Graph"));
  for (guint i = 0; i < AC_INVESTIGATION_N_TABLES; i++)
    {
      GtkWidget *table = ac_investigation_table_new (i);

      self->tables[i] = AC_TEXT_TABLE (table);
      self->table_tabs[i] =
          add_tab (self, ac_investigation_table_name (i), ac_investigation_table_title (i));
      gtk_widget_set_visible (self->table_tabs[i], FALSE);
      g_signal_connect_object (table, "row-activated", G_CALLBACK (row_activated_cb), self,
                               G_CONNECT_SWAPPED);
      gtk_stack_add_named (self->pages, table, ac_investigation_table_name (i));
    }
}

static void
refresh_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  ac_investigation_view_refresh (AC_INVESTIGATION_VIEW (widget));
}

static void
close_flyout_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  close_flyout (AC_INVESTIGATION_VIEW (widget));
}

/* --- the widget --- */

/* Its actions may have changed while it was not looked at. */
static void
ac_investigation_view_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (ac_investigation_view_parent_class)->map (widget);
  ac_investigation_view_refresh (AC_INVESTIGATION_VIEW (widget));
}

static void
ac_investigation_view_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  AcInvestigationView *self = AC_INVESTIGATION_VIEW (object);

  switch (id)
    {
    case PROP_TAB:
      g_value_set_string (value, self->tab);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
ac_investigation_view_set_property (GObject *object,
                                    guint id,
                                    const GValue *value,
                                    GParamSpec *pspec)
{
  switch (id)
    {
    case PROP_TAB:
      ac_investigation_view_set_tab (AC_INVESTIGATION_VIEW (object), g_value_get_string (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
ac_investigation_view_dispose (GObject *object)
{
  AcInvestigationView *self = AC_INVESTIGATION_VIEW (object);

  stop_loading (self);
  forget_source (self);
  if (self->decisions != NULL)
    g_signal_handlers_disconnect_by_data (ac_decisions_get_session (self->decisions), self);
  g_clear_object (&self->decisions);
  g_clear_object (&self->investigation);
  g_clear_object (&self->item);
  g_clear_pointer (&self->log, g_ptr_array_unref);
  g_clear_pointer (&self->next_log, g_ptr_array_unref);
  g_clear_pointer (&self->id, g_free);
  g_clear_pointer (&self->tab, g_free);
  g_clear_pointer ((GtkWidget **)&self->bin, gtk_widget_unparent);
  G_OBJECT_CLASS (ac_investigation_view_parent_class)->dispose (object);
}

static void
ac_investigation_view_class_init (AcInvestigationViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = ac_investigation_view_dispose;
  object_class->get_property = ac_investigation_view_get_property;
  object_class->set_property = ac_investigation_view_set_property;
  widget_class->map = ac_investigation_view_map;
  properties[PROP_TAB] =
      g_param_spec_string ("tab", NULL, NULL, "graph",
                           G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               AC_UI_RESOURCE_PATH "/ac-investigation-view.ui");
  ac_ui_bind_spinner (widget_class);
  gtk_widget_class_bind_template_child (widget_class, AcInvestigationView, bin);
  gtk_widget_class_bind_template_child (widget_class, AcInvestigationView, stack);
  gtk_widget_class_bind_template_child (widget_class, AcInvestigationView, error_page);
  gtk_widget_class_bind_template_child (widget_class, AcInvestigationView, notice);
  gtk_widget_class_bind_template_child (widget_class, AcInvestigationView, notice_text);
  gtk_widget_class_bind_template_child (widget_class, AcInvestigationView, title);
  gtk_widget_class_bind_template_child (widget_class, AcInvestigationView, subtitle);
  gtk_widget_class_bind_template_child (widget_class, AcInvestigationView, status_icon);
  gtk_widget_class_bind_template_child (widget_class, AcInvestigationView, tabs);
  gtk_widget_class_bind_template_child (widget_class, AcInvestigationView, pages);
  gtk_widget_class_bind_template_child (widget_class, AcInvestigationView, paned);
  gtk_widget_class_bind_template_child (widget_class, AcInvestigationView, graph_page);
  gtk_widget_class_bind_template_child (widget_class, AcInvestigationView, description);
  gtk_widget_class_bind_template_child (widget_class, AcInvestigationView, explanation);
  gtk_widget_class_bind_template_child (widget_class, AcInvestigationView, facts);
  gtk_widget_class_bind_template_child (widget_class, AcInvestigationView, graph_box);
  gtk_widget_class_bind_template_callback (widget_class, update_layout);
  gtk_widget_class_bind_template_callback (widget_class, width_cb);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_install_property_action (widget_class, "page.tab", "tab");
  gtk_widget_class_install_action (widget_class, "page.refresh", NULL, refresh_action);
  gtk_widget_class_install_action (widget_class, "page.close-flyout", NULL, close_flyout_action);
}

static void
zone_cb (GObject *object)
{
  AcInvestigationView *self = AC_INVESTIGATION_VIEW (object);

  if (self->investigation != NULL)
    show_facts (self, ac_time_now ());
}

static void
ac_investigation_view_init (AcInvestigationView *self)
{
  g_type_ensure (AC_TYPE_ADAPTIVE_BIN);
  ac_time_text_follow (self, zone_cb);
  gtk_widget_init_template (GTK_WIDGET (self));
  ac_scroll_start_show (GTK_WIDGET (self->tabs));
  ac_scroll_start_show (GTK_WIDGET (self->graph_box));
  self->tab = g_strdup ("graph");
  self->log = g_ptr_array_new_with_free_func (g_object_unref);
  self->graph = AC_INVESTIGATION_GRAPH (ac_investigation_graph_new ());
  g_signal_connect_object (self->graph, "open-tab", G_CALLBACK (open_tab_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_widget_set_hexpand (GTK_WIDGET (self->graph), TRUE);
  gtk_widget_set_valign (GTK_WIDGET (self->graph), GTK_ALIGN_START);
  gtk_box_prepend (self->graph_box, GTK_WIDGET (self->graph));
  add_tables (self);
}

/**
 * ac_investigation_view_set_decisions:
 * @decisions: how actions are decided, and with whose session
 */
void
ac_investigation_view_set_decisions (AcInvestigationView *self, AcDecisions *decisions)
{
  g_return_if_fail (AC_IS_INVESTIGATION_VIEW (self));
  g_return_if_fail (self->decisions == NULL);

  self->decisions = g_object_ref (decisions);
  g_signal_connect_swapped (ac_decisions_get_session (decisions), "notify::source",
                            G_CALLBACK (source_cb), self);
  source_cb (self);
}

/**
 * ac_investigation_view_show:
 *
 * Loads an investigation and shows it.
 */
void
ac_investigation_view_show (AcInvestigationView *self, const char *investigation_id)
{
  g_return_if_fail (AC_IS_INVESTIGATION_VIEW (self));
  g_return_if_fail (investigation_id != NULL);

  if (g_strcmp0 (self->id, investigation_id) != 0)
    {
      stop_loading (self);
      close_flyout (self);
      g_free (self->id);
      self->id = g_strdup (investigation_id);
      g_clear_object (&self->investigation);
      g_ptr_array_set_size (self->log, 0);
      set_notice (self, NULL);
      ac_investigation_view_set_tab (self, "graph");
      for (guint i = 0; i < AC_INVESTIGATION_N_TABLES; i++)
        ac_text_table_set_words (self->tables[i], "");
      gtk_stack_set_visible_child_name (self->stack, "loading");
      gtk_adjustment_set_value (gtk_scrolled_window_get_vadjustment (self->graph_page), 0);
    }
  ac_investigation_view_refresh (self);
}

/**
 * ac_investigation_view_set_tab:
 * @tab: "graph", or the name of a table
 */
void
ac_investigation_view_set_tab (AcInvestigationView *self, const char *tab)
{
  g_return_if_fail (AC_IS_INVESTIGATION_VIEW (self));

  if (tab == NULL || g_strcmp0 (self->tab, tab) == 0 ||
      gtk_stack_get_child_by_name (self->pages, tab) == NULL)
    return;
  g_free (self->tab);
  self->tab = g_strdup (tab);
  gtk_stack_set_visible_child_name (self->pages, tab);
  if (self->investigation != NULL)
    show_tables (self);
  for (guint i = 0; i < AC_INVESTIGATION_N_TABLES; i++)
    if (g_str_equal (tab, ac_investigation_table_name (i)))
      show_tab (self, self->table_tabs[i]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TAB]);
}

/**
 * ac_investigation_view_refresh:
 *
 * Asks for it anew, now or once the question under way is answered. What is shown stays until then.
 */
void
ac_investigation_view_refresh (AcInvestigationView *self)
{
  AcApi *api;

  g_return_if_fail (AC_IS_INVESTIGATION_VIEW (self));

  api = get_api (self);
  if (api == NULL || self->id == NULL)
    return;
  if (self->loading)
    {
      self->again = TRUE;
      return;
    }
  stop_loading (self);
  self->cancellable = g_cancellable_new ();
  self->loading = TRUE;
  ac_api_get_investigation_async (api, self->id, self->cancellable, loaded_cb, g_object_ref (self));
}
