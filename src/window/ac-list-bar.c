/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "window/ac-between-frames.h"
#include "window/ac-column-chooser.h"
#include "window/ac-export-window.h"
#include "window/ac-filter-chips.h"
#include "window/ac-filter-popover.h"
#include "window/ac-list-bar.h"
#include "window/ac-time-range-popover.h"
#include "window/ac-ui.h"
#include "window/ac-views-popover.h"

/* Frames that the filters wait for the list at most. */
#define PATIENCE 6

struct _AcListBar
{
  GtkWidget parent_instance;

  GtkWidget *box;
  GtkMenuButton *filter;
  GtkMenuButton *time;
  GtkMenuButton *columns;
  GtkMenuButton *views;
  GtkMenuButton *copy;
  GtkLabel *filter_label;
  GtkLabel *time_label;
  GtkLabel *columns_label;
  GtkLabel *views_label;
  GtkLabel *copy_label;
  GtkLabel *export_label;
  AcFilterChips *chips;
  GtkWidget *clear;

  AcBetweenFrames *updating;
  guint n_frames;     /* since the query has changed */
  gboolean is_loaded; /* the list was, a frame ago */

  AcActionTab *tab;    /* nullable; owned */
  GSettings *settings; /* nullable: views cannot be saved */
  AcSession *session;  /* nullable */
};

G_DEFINE_FINAL_TYPE (AcListBar, ac_list_bar, GTK_TYPE_WIDGET)

static void
update (AcListBar *self)
{
  AcActionQuery *query = self->tab != NULL ? ac_action_tab_get_query (self->tab) : NULL;
  g_autoptr (AcActionQuery) plain =
      query != NULL ? ac_action_query_with_search (query, NULL) : NULL;

  ac_filter_chips_update (self->chips);
  gtk_widget_set_visible (self->clear, plain != NULL && ac_action_query_has_filters (plain));
  gtk_widget_set_visible (GTK_WIDGET (self->time),
                          self->tab != NULL && ac_action_tab_get_tab (self->tab) == AC_TAB_HISTORY);
}

/* Filters are told of a frame after their actions: both at once are too much for one frame, and the
 * actions are what a person waits for. Those that come late are not waited for. */
static gboolean
update_step (GtkWidget *widget)
{
  AcListBar *self = AC_LIST_BAR (widget);
  AcActionList *list = self->tab != NULL ? ac_action_tab_get_list (self->tab) : NULL;
  gboolean was_loaded = self->is_loaded;

  self->is_loaded = list == NULL || !ac_action_list_get_loading (list);
  if (++self->n_frames < PATIENCE && !(was_loaded && self->is_loaded))
    return TRUE;
  update (self);
  return FALSE;
}

static void
query_changed_cb (AcListBar *self)
{
  self->n_frames = 0;
  self->is_loaded = FALSE;
  /* There are no frames of what is not on the screen. */
  if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    ac_between_frames_start (self->updating);
  else
    update (self);
}

/* A popover is made when it is opened: what it shows is of that moment. */
static void
set_popover (GtkMenuButton *button, GtkWidget *popover)
{
  gtk_menu_button_set_popover (button, popover);
  ac_ui_quiet_while_open (button);
}

static void
filter_popup_cb (GtkMenuButton *button, gpointer user_data)
{
  AcListBar *self = user_data;

  if (self->tab != NULL)
    set_popover (button, ac_filter_popover_new (self->tab));
}

static void
time_popup_cb (GtkMenuButton *button, gpointer user_data)
{
  AcListBar *self = user_data;
  const AcMe *me = self->session != NULL ? ac_session_get_me (self->session) : NULL;

  if (self->tab != NULL)
    set_popover (button, ac_time_range_popover_new (self->tab, me != NULL ? me->history_days : 0));
}

static void
columns_popup_cb (GtkMenuButton *button, gpointer user_data)
{
  AcListBar *self = user_data;

  if (self->tab != NULL)
    set_popover (button, ac_column_chooser_new (self->tab));
}

static void
views_popup_cb (GtkMenuButton *button, gpointer user_data)
{
  AcListBar *self = user_data;

  if (self->tab != NULL && self->settings != NULL)
    set_popover (button, ac_views_popover_new (self->tab, self->settings));
}

static void
clear_cb (AcListBar *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "page.clear-filters", NULL);
}

static void
ac_list_bar_dispose (GObject *object)
{
  AcListBar *self = AC_LIST_BAR (object);

  if (self->tab != NULL)
    g_signal_handlers_disconnect_by_data (self->tab, self);
  g_clear_pointer (&self->updating, ac_between_frames_free);
  g_clear_object (&self->tab);
  g_clear_object (&self->settings);
  g_clear_object (&self->session);
  g_clear_pointer (&self->box, gtk_widget_unparent);
  G_OBJECT_CLASS (ac_list_bar_parent_class)->dispose (object);
}

static void
ac_list_bar_class_init (AcListBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ac_list_bar_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, AC_UI_RESOURCE_PATH "/ac-list-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, AcListBar, box);
  gtk_widget_class_bind_template_child (widget_class, AcListBar, filter);
  gtk_widget_class_bind_template_child (widget_class, AcListBar, time);
  gtk_widget_class_bind_template_child (widget_class, AcListBar, columns);
  gtk_widget_class_bind_template_child (widget_class, AcListBar, views);
  gtk_widget_class_bind_template_child (widget_class, AcListBar, copy);
  gtk_widget_class_bind_template_child (widget_class, AcListBar, filter_label);
  gtk_widget_class_bind_template_child (widget_class, AcListBar, time_label);
  gtk_widget_class_bind_template_child (widget_class, AcListBar, columns_label);
  gtk_widget_class_bind_template_child (widget_class, AcListBar, views_label);
  gtk_widget_class_bind_template_child (widget_class, AcListBar, copy_label);
  gtk_widget_class_bind_template_child (widget_class, AcListBar, export_label);
  gtk_widget_class_bind_template_child (widget_class, AcListBar, chips);
  gtk_widget_class_bind_template_child (widget_class, AcListBar, clear);
  gtk_widget_class_bind_template_callback (widget_class, clear_cb);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "listbar");
  /* Whoever has just filtered goes on with what was found. */
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_a, GDK_CONTROL_MASK, "page.select",
                                       "s", "all");
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_a, GDK_CONTROL_MASK | GDK_SHIFT_MASK,
                                       "page.select", "s", "none");
}

static void
ac_list_bar_init (AcListBar *self)
{
  g_type_ensure (AC_TYPE_FILTER_CHIPS);
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_menu_button_set_create_popup_func (self->filter, filter_popup_cb, self, NULL);
  gtk_menu_button_set_create_popup_func (self->time, time_popup_cb, self, NULL);
  gtk_menu_button_set_create_popup_func (self->columns, columns_popup_cb, self, NULL);
  gtk_menu_button_set_create_popup_func (self->views, views_popup_cb, self, NULL);
  ac_ui_quiet_while_open (self->copy);
  self->updating = ac_between_frames_new (GTK_WIDGET (self), update_step);
}

/**
 * ac_list_bar_set_tab:
 * @tab: (nullable): what it acts on
 */
void
ac_list_bar_set_tab (AcListBar *self, AcActionTab *tab)
{
  g_return_if_fail (AC_IS_LIST_BAR (self));

  if (self->tab == tab)
    return;
  if (self->tab != NULL)
    g_signal_handlers_disconnect_by_data (self->tab, self);
  g_set_object (&self->tab, tab);
  if (tab != NULL)
    g_signal_connect_swapped (tab, "query-changed", G_CALLBACK (query_changed_cb), self);
  ac_filter_chips_set_tab (self->chips, tab);
  update (self);
}

/**
 * ac_list_bar_set_settings:
 * @settings: (nullable): where views are kept
 */
void
ac_list_bar_set_settings (AcListBar *self, GSettings *settings)
{
  g_return_if_fail (AC_IS_LIST_BAR (self));

  g_set_object (&self->settings, settings);
  gtk_widget_set_visible (GTK_WIDGET (self->views), settings != NULL);
}

/**
 * ac_list_bar_set_session:
 * @session: with the service that the actions are of
 */
void
ac_list_bar_set_session (AcListBar *self, AcSession *session)
{
  g_return_if_fail (AC_IS_LIST_BAR (self));

  g_set_object (&self->session, session);
}

/**
 * ac_list_bar_export:
 *
 * Asks how to export what the list shows, or what is selected in it.
 */
void
ac_list_bar_export (AcListBar *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  AcActionSource *source;
  AcActionView *view;
  AcActionList *list;
  g_autoptr (GArray) selected = NULL;

  g_return_if_fail (AC_IS_LIST_BAR (self));

  source = self->tab != NULL ? ac_action_tab_get_source (self->tab) : NULL;
  view = self->tab != NULL ? ac_action_tab_get_view (self->tab) : NULL;
  list = self->tab != NULL ? ac_action_tab_get_list (self->tab) : NULL;
  if (source == NULL || view == NULL || list == NULL)
    {
      gtk_widget_error_bell (GTK_WIDGET (self));
      return;
    }
  selected = ac_action_view_get_selected_keys (view);
  gtk_window_present (
      ac_export_window_new (GTK_WINDOW (root), source, ac_action_tab_get_query (self->tab),
                            ac_action_list_get_total (list), selected,
                            self->session != NULL ? ac_session_get_api (self->session) : NULL));
}

/**
 * ac_list_bar_refresh_texts:
 *
 * Writes the filters anew, after a setting has changed how times are shown.
 */
void
ac_list_bar_refresh_texts (AcListBar *self)
{
  g_return_if_fail (AC_IS_LIST_BAR (self));

  ac_filter_chips_update (self->chips);
}

/**
 * ac_list_bar_set_narrow:
 *
 * Says whether there is room for words beside the pictures.
 */
void
ac_list_bar_set_narrow (AcListBar *self, gboolean narrow)
{
  g_return_if_fail (AC_IS_LIST_BAR (self));

  gtk_widget_set_visible (GTK_WIDGET (self->filter_label), !narrow);
  gtk_widget_set_visible (GTK_WIDGET (self->time_label), !narrow);
  gtk_widget_set_visible (GTK_WIDGET (self->columns_label), !narrow);
  gtk_widget_set_visible (GTK_WIDGET (self->views_label), !narrow);
  gtk_widget_set_visible (GTK_WIDGET (self->copy_label), !narrow);
  gtk_widget_set_visible (GTK_WIDGET (self->export_label), !narrow);
  /* The filters have a line of their own then: beside the buttons not one would be seen whole. */
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self->box),
                                  narrow ? GTK_ORIENTATION_VERTICAL : GTK_ORIENTATION_HORIZONTAL);
  if (narrow)
    gtk_button_set_icon_name (GTK_BUTTON (self->clear), "edit-clear-symbolic");
  else
    gtk_button_set_label (GTK_BUTTON (self->clear), _ ("Clear filters"));
}
