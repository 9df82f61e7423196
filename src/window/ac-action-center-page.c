/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "model/ac-time.h"
#include "window/ac-action-center-page-private.h"
#include "window/ac-action-window.h"
#include "window/ac-frame-memory.h"
#include "window/ac-list-copy.h"
#include "window/ac-list-settings.h"
#include "window/ac-time-text.h"
#include "window/ac-ui.h"
#include "window/ac-warm-up.h"

G_DEFINE_FINAL_TYPE (AcActionCenterPage, ac_action_center_page, GTK_TYPE_WIDGET)

enum
{
  PROP_0,
  PROP_TAB,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

/* The list that is looked at, or was before what is in progress. */
static AcActionTab *
get_active_tab (AcActionCenterPage *self)
{
  GtkWidget *child = gtk_stack_get_visible_child (self->stack);

  if (child == GTK_WIDGET (self->history) || child == GTK_WIDGET (self->pending))
    self->last_list = AC_ACTION_TAB (child);
  return self->last_list != NULL ? self->last_list : self->pending;
}

static gboolean
shows_progress (AcActionCenterPage *self)
{
  return gtk_stack_get_visible_child (self->stack) == GTK_WIDGET (self->running);
}

static const char *
get_tab (AcActionCenterPage *self)
{
  if (shows_progress (self))
    return "progress";
  return get_active_tab (self) == self->history ? "history" : "pending";
}

static AcActionView *
get_active_view (AcActionCenterPage *self)
{
  return ac_action_tab_get_view (get_active_tab (self));
}

/* What is looked at next is made before, in turns of the main loop that are short each: memory, the
 * flyout, its styles, which are computed with its size, and the list of the other tab. */
static gboolean
idle_cb (gpointer data)
{
  AcActionCenterPage *self = data;

  switch (self->prepared++)
    {
    case 0:
      ac_warm_up_start ();
      ac_frame_memory_keep (gtk_widget_get_native (GTK_WIDGET (self)));
      return G_SOURCE_CONTINUE;
    case 1:
      ac_action_center_page_ensure_flyout (self);
      return G_SOURCE_CONTINUE;
    case 2:
      gtk_widget_measure (gtk_widget_get_first_child (GTK_WIDGET (self->flyout)),
                          GTK_ORIENTATION_HORIZONTAL, -1, NULL, NULL, NULL, NULL);
      return G_SOURCE_CONTINUE;
    default:
      ac_action_tab_prepare (get_active_tab (self) == self->pending ? self->history
                                                                    : self->pending);
      self->idle = 0;
      return G_SOURCE_REMOVE;
    }
}

static void
selection_changed_cb (AcActionCenterPage *self, gboolean by_list, AcActionTab *tab)
{
  ac_action_center_page_follow_selection (self, tab, by_list);
}

static void
activated_cb (AcActionCenterPage *self)
{
  ac_action_center_page_decide_selection (self);
  gtk_widget_child_focus (GTK_WIDGET (self->flyout), GTK_DIR_TAB_FORWARD);
}

/* Whether nothing that a person would type into has the focus. */
static gboolean
focus_is_free (AcActionCenterPage *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;

  return focus == NULL || !GTK_IS_EDITABLE (focus);
}

/* A list that has nothing is not waited for: what comes to it later comes while somebody does
 * something else. */
static void
focus_list_if_wanted (AcActionCenterPage *self)
{
  AcActionTab *tab = get_active_tab (self);
  AcActionList *list = ac_action_tab_get_list (tab);

  if (ac_action_tab_is_empty (tab))
    self->focus_list = FALSE;
  if (!self->focus_list || list == NULL || g_list_model_get_n_items (G_LIST_MODEL (list)) == 0 ||
      !gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;
  self->focus_list = FALSE;
  if (focus_is_free (self))
    gtk_widget_grab_focus (GTK_WIDGET (get_active_view (self)));
}

/* After the rows have been painted, and before anybody can have selected one. */
static void
prepare_soon (AcActionCenterPage *self)
{
  AcActionList *list = ac_action_tab_get_list (get_active_tab (self));

  if (self->prepared == 0 && self->idle == 0 && list != NULL &&
      g_list_model_get_n_items (G_LIST_MODEL (list)) > 0 &&
      gtk_widget_get_mapped (GTK_WIDGET (self)))
    self->idle = g_idle_add_full (G_PRIORITY_LOW, idle_cb, self, NULL);
}

static void
ac_action_center_page_map (GtkWidget *widget)
{
  AcActionCenterPage *self = AC_ACTION_CENTER_PAGE (widget);

  GTK_WIDGET_CLASS (ac_action_center_page_parent_class)->map (widget);
  focus_list_if_wanted (self);
  prepare_soon (self);
}

static void
list_changed_cb (AcActionCenterPage *self)
{
  AcActionView *view = get_active_view (self);

  if (view != NULL && ac_action_view_get_list (view) != NULL)
    ac_action_center_page_review_if_wanted (self);
  focus_list_if_wanted (self);
  prepare_soon (self);
  if (view != NULL && ac_action_view_get_list (view) != NULL &&
      ac_action_view_get_n_selected (view) < 2)
    ac_action_center_page_update_ways (self);
}

static void
tab_cb (AcActionCenterPage *self)
{
  /* While the template is being built or taken down there is no tab to show. */
  if (self->pending == NULL || self->history == NULL || self->running == NULL ||
      self->settling_down)
    return;
  if (shows_progress (self))
    {
      ac_action_center_page_hide_flyout (self);
      ac_action_center_page_update_layout (self);
      ac_running_tab_refresh (self->running);
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TAB]);
      return;
    }
  self->focus_list = gtk_widget_get_focus_child (GTK_WIDGET (self->stack)) != NULL;
  ac_action_tab_set_active (get_active_tab (self), TRUE);
  ac_list_bar_set_tab (self->list_bar, get_active_tab (self));
  ac_list_status_set_tab (self->status, get_active_tab (self));
  ac_action_center_page_show_selection (self);
  ac_action_center_page_update_layout (self);
  focus_list_if_wanted (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TAB]);
}

static void
counts_cb (AcActionCenterPage *self)
{
  ac_page_tab_set_count (self->pending_button,
                         self->counts != NULL ? ac_counts_get_pending (self->counts) : -1);
  ac_page_tab_set_count (self->history_button,
                         self->counts != NULL ? ac_counts_get_history (self->counts) : -1);
  ac_list_status_set_counts (self->status, self->counts);
}

static void
running_cb (AcActionCenterPage *self)
{
  gint64 count;

  if (self->progress_button == NULL || self->running == NULL)
    return;
  /* Mostly there is nothing, and that needs no number. */
  count = ac_running_tab_get_count (self->running);
  ac_page_tab_set_count (self->progress_button, count > 0 ? count : -1);
}

static void
refreshed_cb (AcActionCenterPage *self)
{
  gint64 time =
      self->source != NULL ? ac_action_source_get_last_refreshed (self->source) : AC_TIME_NONE;
  g_autofree char *when = ac_time_text_clock (time);
  g_autofree char *in_full = ac_time_text_full (time);
  g_autofree char *text = NULL;

  if (time != AC_TIME_NONE)
    /* Translators: a time */
    text = g_strdup_printf (_ ("Refreshed %s"), when);
  gtk_label_set_text (self->refreshed, text != NULL ? text : "");
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->refreshed), in_full);
}

static void
session_cb (AcActionCenterPage *self)
{
  AcActionSource *source = ac_session_get_source (self->session);
  AcCounts *counts = ac_session_get_counts (self->session);

  if (self->source != source)
    {
      if (self->flyout != NULL)
        ac_flyout_clear (self->flyout);
      ac_action_center_page_hide_flyout (self);
      if (self->source != NULL)
        g_signal_handlers_disconnect_by_data (self->source, self);
      g_set_object (&self->source, source);
      if (source != NULL)
        {
          g_signal_connect_swapped (source, "notify::last-refreshed", G_CALLBACK (refreshed_cb),
                                    self);
          g_signal_connect_swapped (source, "notify::offline-since",
                                    G_CALLBACK (ac_action_center_page_update_offline), self);
        }
    }
  if (self->counts != counts)
    {
      if (self->counts != NULL)
        g_signal_handlers_disconnect_by_data (self->counts, self);
      g_set_object (&self->counts, counts);
      if (counts != NULL)
        g_signal_connect_swapped (counts, "notify", G_CALLBACK (counts_cb), self);
    }
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "page.refresh", source != NULL);
  ac_action_tab_set_active (get_active_tab (self), TRUE);
  ac_action_center_page_update_layout (self);
  counts_cb (self);
  refreshed_cb (self);
  ac_action_center_page_update_offline (self);
}

static void
search_cb (AcActionCenterPage *self)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->search_entry));
  g_autofree char *stripped = g_strstrip (g_strdup (text));
  const char *search = *stripped != '\0' ? stripped : NULL;

  ac_action_tab_set_search (self->pending, search);
  ac_action_tab_set_search (self->history, search);
}

static void
stop_search_cb (AcActionCenterPage *self)
{
  gtk_editable_set_text (GTK_EDITABLE (self->search_entry), "");
  gtk_widget_grab_focus (GTK_WIDGET (get_active_view (self)));
}

/* Enter and Down lead from the search to what it found. */
static void
leave_search_cb (AcActionCenterPage *self)
{
  gtk_widget_grab_focus (GTK_WIDGET (get_active_view (self)));
}

static void
show_run_cb (AcActionCenterPage *self)
{
  AcOperationRun *run = ac_decisions_get_under_way (self->decisions);

  if (run != NULL)
    ac_action_center_page_show_run (self, run);
}

static void
settings_cb (AcActionCenterPage *self)
{
  gboolean letters = g_settings_get_boolean (self->settings, "single-letter-keys");

  ac_action_tab_set_single_letter_keys (self->pending, letters);
  ac_action_tab_set_single_letter_keys (self->history, letters);
}

static void
utc_cb (AcActionCenterPage *self)
{
  ac_time_text_set_utc (g_settings_get_boolean (self->settings, "utc"));
  ac_action_tab_refresh_texts (self->pending);
  ac_action_tab_refresh_texts (self->history);
  ac_list_bar_refresh_texts (self->list_bar);
  ac_action_tab_update_state (get_active_tab (self));
  refreshed_cb (self);
  ac_action_center_page_update_offline (self);
}

static void
refresh_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  AcActionCenterPage *self = AC_ACTION_CENTER_PAGE (widget);
  AcActionList *list = ac_action_tab_get_list (get_active_tab (self));

  if (self->source != NULL)
    ac_action_source_refresh (self->source);
  ac_running_tab_refresh (self->running);
  if (list != NULL)
    ac_action_list_refresh (list);
}

static void
find_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  ac_action_center_page_find (AC_ACTION_CENTER_PAGE (widget));
}

static void
clear_search_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  stop_search_cb (AC_ACTION_CENTER_PAGE (widget));
}

static void
clear_filters_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  ac_action_tab_clear_filters (get_active_tab (AC_ACTION_CENTER_PAGE (widget)));
}

static void
export_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  ac_list_bar_export (AC_ACTION_CENTER_PAGE (widget)->list_bar);
}

static void
copy_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  if (!ac_list_copy (get_active_tab (AC_ACTION_CENTER_PAGE (widget)),
                     g_variant_get_string (parameter, NULL)))
    gtk_widget_error_bell (widget);
}

static void
open_view_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  g_autoptr (AcSavedView) view =
      ac_saved_view_new_from_text (g_variant_get_string (parameter, NULL));

  if (view == NULL || !ac_action_center_page_open_view (AC_ACTION_CENTER_PAGE (widget), view, NULL))
    gtk_widget_error_bell (widget);
}

static void
close_flyout_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  ac_action_center_page_close_flyout (AC_ACTION_CENTER_PAGE (widget));
}

static void
show_selection_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  AcActionCenterPage *self = AC_ACTION_CENTER_PAGE (widget);

  ac_action_center_page_decide_selection (self);
  if (ac_action_center_page_shows_flyout (self))
    gtk_widget_child_focus (GTK_WIDGET (self->flyout), GTK_DIR_TAB_FORWARD);
}

static void
focus_decision_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  AcActionCenterPage *self = AC_ACTION_CENTER_PAGE (widget);

  ac_action_center_page_decide_selection (self);
  if (ac_action_center_page_shows_flyout (self))
    ac_flyout_focus_decision (self->flyout, g_variant_get_string (parameter, NULL));
}

/* The one action that is selected. */
static void
open_window_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  AcActionCenterPage *self = AC_ACTION_CENTER_PAGE (widget);
  AcActionView *view = get_active_view (self);
  g_autoptr (AcActionItem) item = NULL;

  if (ac_action_view_get_n_selected (view) == 1)
    item = g_list_model_get_item (G_LIST_MODEL (ac_action_view_get_list (view)),
                                  ac_action_view_get_position (view));
  if (item == NULL)
    {
      gtk_widget_error_bell (widget);
      return;
    }
  gtk_window_present (
      ac_action_window_new (GTK_WINDOW (gtk_widget_get_root (widget)), self->decisions, item));
}

static void
step_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  if (!ac_action_view_step (get_active_view (AC_ACTION_CENTER_PAGE (widget)),
                            g_variant_get_int32 (parameter)))
    gtk_widget_error_bell (widget);
}

static void
select_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  AcActionView *view = get_active_view (AC_ACTION_CENTER_PAGE (widget));
  const char *which = g_variant_get_string (parameter, NULL);

  if (strcmp (which, "all") == 0)
    ac_action_view_select_all (view);
  else if (strcmp (which, "none") == 0)
    ac_action_view_unselect_all (view);
  else
    ac_action_view_invert_selection (view);
}

static void
ac_action_center_page_get_property (GObject *object,
                                    guint prop_id,
                                    GValue *value,
                                    GParamSpec *pspec)
{
  AcActionCenterPage *self = AC_ACTION_CENTER_PAGE (object);

  switch (prop_id)
    {
    case PROP_TAB:
      g_value_set_string (value, get_tab (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
ac_action_center_page_set_property (GObject *object,
                                    guint prop_id,
                                    const GValue *value,
                                    GParamSpec *pspec)
{
  AcActionCenterPage *self = AC_ACTION_CENTER_PAGE (object);

  switch (prop_id)
    {
    case PROP_TAB:
      ac_action_center_page_set_tab (self, g_value_get_string (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
ac_action_center_page_dispose (GObject *object)
{
  AcActionCenterPage *self = AC_ACTION_CENTER_PAGE (object);

  self->settling_down = TRUE;
  g_clear_handle_id (&self->idle, g_source_remove);
  ac_between_frames_stop (self->opening);
  if (self->source != NULL)
    g_signal_handlers_disconnect_by_data (self->source, self);
  g_clear_object (&self->source);
  if (self->counts != NULL)
    g_signal_handlers_disconnect_by_data (self->counts, self);
  g_clear_object (&self->counts);
  if (self->session != NULL)
    g_signal_handlers_disconnect_by_data (self->session, self);
  g_clear_object (&self->session);
  g_clear_object (&self->decisions);
  g_clear_pointer (&self->review_id, g_free);
  if (self->settings != NULL)
    g_signal_handlers_disconnect_by_data (self->settings, self);
  g_clear_object (&self->settings);
  g_clear_pointer ((GtkWidget **)&self->bin, gtk_widget_unparent);
  G_OBJECT_CLASS (ac_action_center_page_parent_class)->dispose (object);
}

static void
ac_action_center_page_finalize (GObject *object)
{
  ac_between_frames_free (AC_ACTION_CENTER_PAGE (object)->opening);
  G_OBJECT_CLASS (ac_action_center_page_parent_class)->finalize (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (widget_class,
                                               AC_UI_RESOURCE_PATH "/ac-action-center-page.ui");
  gtk_widget_class_bind_template_child (widget_class, AcActionCenterPage, bin);
  gtk_widget_class_bind_template_child (widget_class, AcActionCenterPage, banner);
  gtk_widget_class_bind_template_child (widget_class, AcActionCenterPage, title_box);
  gtk_widget_class_bind_template_child (widget_class, AcActionCenterPage, command_bar);
  gtk_widget_class_bind_template_child (widget_class, AcActionCenterPage, pending_button);
  gtk_widget_class_bind_template_child (widget_class, AcActionCenterPage, history_button);
  gtk_widget_class_bind_template_child (widget_class, AcActionCenterPage, progress_button);
  gtk_widget_class_bind_template_child (widget_class, AcActionCenterPage, refreshed);
  gtk_widget_class_bind_template_child (widget_class, AcActionCenterPage, search_entry);
  gtk_widget_class_bind_template_child (widget_class, AcActionCenterPage, list_bar);
  gtk_widget_class_bind_template_child (widget_class, AcActionCenterPage, paned);
  gtk_widget_class_bind_template_child (widget_class, AcActionCenterPage, list_side);
  gtk_widget_class_bind_template_child (widget_class, AcActionCenterPage, stack);
  gtk_widget_class_bind_template_child (widget_class, AcActionCenterPage, pending);
  gtk_widget_class_bind_template_child (widget_class, AcActionCenterPage, history);
  gtk_widget_class_bind_template_child (widget_class, AcActionCenterPage, running);
  gtk_widget_class_bind_template_child (widget_class, AcActionCenterPage, status);
  gtk_widget_class_bind_template_child (widget_class, AcActionCenterPage, operation_bar);
  gtk_widget_class_bind_template_callback_full (widget_class, "update_layout",
                                                G_CALLBACK (ac_action_center_page_update_layout));
  gtk_widget_class_bind_template_callback (widget_class, tab_cb);
  gtk_widget_class_bind_template_callback (widget_class, list_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, selection_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, running_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_cb);
  gtk_widget_class_bind_template_callback (widget_class, stop_search_cb);
  gtk_widget_class_bind_template_callback (widget_class, leave_search_cb);
  gtk_widget_class_bind_template_callback (widget_class, show_run_cb);
}

static void
ac_action_center_page_class_init (AcActionCenterPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = ac_action_center_page_dispose;
  object_class->finalize = ac_action_center_page_finalize;
  object_class->get_property = ac_action_center_page_get_property;
  object_class->set_property = ac_action_center_page_set_property;
  widget_class->map = ac_action_center_page_map;

  properties[PROP_TAB] =
      g_param_spec_string ("tab", NULL, NULL, "pending",
                           G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  bind_template (widget_class);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);

  gtk_widget_class_install_property_action (widget_class, "page.tab", "tab");
  gtk_widget_class_install_action (widget_class, "page.refresh", NULL, refresh_action);
  gtk_widget_class_install_action (widget_class, "page.find", NULL, find_action);
  gtk_widget_class_install_action (widget_class, "page.clear-search", NULL, clear_search_action);
  gtk_widget_class_install_action (widget_class, "page.clear-filters", NULL, clear_filters_action);
  gtk_widget_class_install_action (widget_class, "page.export", NULL, export_action);
  gtk_widget_class_install_action (widget_class, "page.copy", "s", copy_action);
  gtk_widget_class_install_action (widget_class, "page.open-view", "s", open_view_action);
  gtk_widget_class_install_action (widget_class, "page.close-flyout", NULL, close_flyout_action);
  gtk_widget_class_install_action (widget_class, "page.show-selection", NULL,
                                   show_selection_action);
  gtk_widget_class_install_action (widget_class, "page.select", "s", select_action);
  gtk_widget_class_install_action (widget_class, "page.step", "i", step_action);
  gtk_widget_class_install_action (widget_class, "page.focus-decision", "s", focus_decision_action);
  gtk_widget_class_install_action (widget_class, "page.open-window", NULL, open_window_action);

  /* They reach the page only when nothing inside has used the key: an entry keeps its own. */
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_slash, 0, "page.find", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_e, GDK_CONTROL_MASK, "page.export",
                                       NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "page.close-flyout", NULL);
}

static void
ac_action_center_page_init (AcActionCenterPage *self)
{
  g_type_ensure (AC_TYPE_ADAPTIVE_BIN);
  g_type_ensure (AC_TYPE_SYNC_BANNER);
  g_type_ensure (AC_TYPE_ACTION_TAB);
  g_type_ensure (AC_TYPE_LIST_BAR);
  g_type_ensure (AC_TYPE_LIST_STATUS);
  g_type_ensure (AC_TYPE_OPERATION_BAR);
  g_type_ensure (AC_TYPE_PAGE_TAB);
  g_type_ensure (AC_TYPE_RUNNING_TAB);
  self->opening = ac_between_frames_new (GTK_WIDGET (self), ac_action_center_page_open_step);
  gtk_widget_init_template (GTK_WIDGET (self));

  ac_action_tab_set_tab (self->pending, AC_TAB_PENDING);
  ac_action_tab_set_tab (self->history, AC_TAB_HISTORY);
  self->focus_list = TRUE;
  ac_list_bar_set_tab (self->list_bar, get_active_tab (self));
  ac_list_status_set_tab (self->status, get_active_tab (self));
  counts_cb (self);
}

/**
 * ac_action_center_page_set_up:
 * @decisions: takes the decisions; its session is where the actions come from
 * @settings: (nullable): how the person had it last
 *
 * Called once.
 */
void
ac_action_center_page_set_up (AcActionCenterPage *self, AcDecisions *decisions, GSettings *settings)
{
  g_return_if_fail (AC_IS_ACTION_CENTER_PAGE (self));
  g_return_if_fail (AC_IS_DECISIONS (decisions));
  g_return_if_fail (self->decisions == NULL);

  self->decisions = g_object_ref (decisions);
  self->session = g_object_ref (ac_decisions_get_session (decisions));
  ac_list_bar_set_session (self->list_bar, self->session);
  ac_action_tab_set_session (self->pending, self->session);
  ac_action_tab_set_session (self->history, self->session);
  ac_running_tab_set_session (self->running, self->session);
  if (settings != NULL)
    {
      g_autofree char *tab = g_settings_get_string (settings, "tab");

      self->settings = g_object_ref (settings);
      ac_list_bar_set_settings (self->list_bar, settings);
      ac_list_settings_read (self->pending, settings);
      ac_list_settings_read (self->history, settings);
      ac_action_center_page_set_tab (self, tab);
      g_signal_connect_swapped (settings, "changed::single-letter-keys", G_CALLBACK (settings_cb),
                                self);
      g_signal_connect_swapped (settings, "changed::utc", G_CALLBACK (utc_cb), self);
      settings_cb (self);
      ac_time_text_set_utc (g_settings_get_boolean (settings, "utc"));
    }
  ac_sync_banner_set_session (self->banner, self->session);
  ac_operation_bar_set_decisions (self->operation_bar, decisions);
  g_signal_connect_swapped (self->session, "notify", G_CALLBACK (session_cb), self);
  session_cb (self);
}

/**
 * ac_action_center_page_save:
 *
 * Keeps how the person has it now.
 */
void
ac_action_center_page_save (AcActionCenterPage *self)
{
  g_return_if_fail (AC_IS_ACTION_CENTER_PAGE (self));

  if (self->settings == NULL)
    return;
  ac_list_settings_write (self->pending, self->settings);
  ac_list_settings_write (self->history, self->settings);
  /* What was in progress is over by the next start. */
  g_settings_set_string (self->settings, "tab", shows_progress (self) ? "pending" : get_tab (self));
  ac_action_center_page_save_flyout_width (self);
}

/**
 * ac_action_center_page_set_tab:
 * @tab: "pending", "history" or "progress"
 */
void
ac_action_center_page_set_tab (AcActionCenterPage *self, const char *tab)
{
  g_return_if_fail (AC_IS_ACTION_CENTER_PAGE (self));

  gtk_stack_set_visible_child (self->stack,
                               g_strcmp0 (tab, "history") == 0    ? GTK_WIDGET (self->history)
                               : g_strcmp0 (tab, "progress") == 0 ? GTK_WIDGET (self->running)
                                                                  : GTK_WIDGET (self->pending));
}

/**
 * ac_action_center_page_focus_list:
 *
 * Moves the focus into what the tab shows, now or once there are rows, so that the keys of the list
 * hold; unless somebody is typing.
 */
void
ac_action_center_page_focus_list (AcActionCenterPage *self)
{
  g_return_if_fail (AC_IS_ACTION_CENTER_PAGE (self));

  if (shows_progress (self))
    {
      if (focus_is_free (self))
        gtk_widget_child_focus (GTK_WIDGET (self->running), GTK_DIR_TAB_FORWARD);
      return;
    }
  self->focus_list = TRUE;
  focus_list_if_wanted (self);
}

/**
 * ac_action_center_page_open_view:
 *
 * Goes to the tab of @view and looks at it that way.
 *
 * Returns: whether that could be done; AC_CLIENT_ERROR_INVALID when its filters are none of ours.
 */
gboolean
ac_action_center_page_open_view (AcActionCenterPage *self, const AcSavedView *view, GError **error)
{
  gboolean history;
  AcActionTab *tab;
  const char *search;

  g_return_val_if_fail (AC_IS_ACTION_CENTER_PAGE (self), FALSE);
  g_return_val_if_fail (view != NULL, FALSE);

  history = g_strcmp0 (view->tab, "history") == 0;
  tab = history ? self->history : self->pending;
  if (!ac_saved_view_apply (view, tab, error))
    return FALSE;
  search = ac_action_query_get_search (ac_action_tab_get_query (tab));
  gtk_editable_set_text (GTK_EDITABLE (self->search_entry), search != NULL ? search : "");
  ac_action_center_page_set_tab (self, history ? "history" : "pending");
  return TRUE;
}

/**
 * ac_action_center_page_find:
 *
 * Moves the focus to the search.
 */
void
ac_action_center_page_find (AcActionCenterPage *self)
{
  g_return_if_fail (AC_IS_ACTION_CENTER_PAGE (self));

  gtk_widget_grab_focus (GTK_WIDGET (self->search_entry));
}

/**
 * ac_action_center_page_show_action:
 *
 * Goes to the tab that @action stands under and selects it there, now or once it is loaded.
 */
void
ac_action_center_page_show_action (AcActionCenterPage *self, AcAction *action)
{
  g_return_if_fail (AC_IS_ACTION_CENTER_PAGE (self));
  g_return_if_fail (AC_IS_ACTION (action));

  gtk_editable_set_text (GTK_EDITABLE (self->search_entry), "");
  search_cb (self);
  ac_action_center_page_set_tab (
      self, ac_action_get_status_value (action) == AC_STATUS_PENDING ? "pending" : "history");
  ac_action_tab_select (get_active_tab (self), ac_action_get_id (action));
}

/**
 * ac_action_center_page_review:
 * @decision: what the person came to decide
 *
 * As ac_action_center_page_show_action(), and moves the focus to the button of @decision when
 * @action is shown. It decides nothing.
 */
void
ac_action_center_page_review (AcActionCenterPage *self, AcAction *action, AcDecision decision)
{
  g_return_if_fail (AC_IS_ACTION_CENTER_PAGE (self));
  g_return_if_fail (AC_IS_ACTION (action));

  g_free (self->review_id);
  self->review_id = g_strdup (ac_action_get_id (action));
  self->review = decision;
  ac_action_center_page_show_action (self, action);
  /* It may have been shown before. */
  if (get_active_view (self) != NULL && ac_action_view_get_list (get_active_view (self)) != NULL)
    ac_action_center_page_review_if_wanted (self);
}

/**
 * ac_action_center_page_search:
 * @text: what to search for, as if it had been typed
 */
void
ac_action_center_page_search (AcActionCenterPage *self, const char *text)
{
  g_return_if_fail (AC_IS_ACTION_CENTER_PAGE (self));

  /* What is found is not to be covered by what was looked at before. */
  if (ac_action_center_page_shows_flyout (self))
    ac_action_center_page_close_flyout (self);
  gtk_editable_set_text (GTK_EDITABLE (self->search_entry), text);
  search_cb (self);
}

AcActionTab *
ac_action_center_page_get_active_tab (AcActionCenterPage *self)
{
  return get_active_tab (self);
}

AcActionView *
ac_action_center_page_get_active_view (AcActionCenterPage *self)
{
  return get_active_view (self);
}
