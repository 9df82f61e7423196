/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "window/ac-action-finder.h"
#include "window/ac-appearance.h"
#include "window/ac-compat.h"
#include "window/ac-connection-window.h"
#include "window/ac-panes.h"
#include "window/ac-settings-window.h"
#include "window/ac-shortcuts-window.h"
#include "window/ac-submission-window.h"
#include "window/ac-ui.h"
#include "window/ac-window-private.h"

G_DEFINE_FINAL_TYPE (AcWindow, ac_window, ADW_TYPE_APPLICATION_WINDOW)

enum
{
  PROP_0,
  PROP_NAVIGATION_SHOWN,
  PROP_SHOWS_PENDING,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static gboolean
navigation_shown (AcWindow *self)
{
  return ac_adaptive_bin_get_narrow (self->bin) ? self->navigation_narrow : self->navigation_wide;
}

/* In a narrow window the pane stands instead of the page. */
static void
update_layout (AcWindow *self)
{
  gboolean narrow = ac_adaptive_bin_get_narrow (self->bin);
  gboolean shown = navigation_shown (self);

  gtk_widget_set_visible (self->navigation, shown);
  gtk_widget_set_hexpand (self->navigation, narrow);
  gtk_widget_set_visible (GTK_WIDGET (self->stack), !narrow || !shown);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_NAVIGATION_SHOWN]);
}

static void
set_navigation_shown (AcWindow *self, gboolean shown)
{
  if (ac_adaptive_bin_get_narrow (self->bin))
    self->navigation_narrow = shown;
  else
    self->navigation_wide = shown;
  update_layout (self);
}

static void
ensure_investigations (AcWindow *self)
{
  if (self->investigations != NULL)
    return;
  self->investigations = g_object_new (AC_TYPE_INVESTIGATION_LIST_PAGE, NULL);
  gtk_stack_add_named (self->stack, GTK_WIDGET (self->investigations), "investigations");
  ac_investigation_list_page_set_session (self->investigations, self->session);
}

static void
ensure_investigation (AcWindow *self)
{
  if (self->investigation != NULL)
    return;
  self->investigation = g_object_new (AC_TYPE_INVESTIGATION_VIEW, NULL);
  gtk_stack_add_named (self->stack, GTK_WIDGET (self->investigation), "investigation");
  ac_investigation_view_set_decisions (self->investigation, self->decisions);
}

static void
ensure_explorer (AcWindow *self)
{
  if (self->explorer != NULL)
    return;
  self->explorer = g_object_new (AC_TYPE_EXPLORER_PAGE, NULL);
  gtk_stack_add_named (self->stack, GTK_WIDGET (self->explorer), "explorer");
  ac_explorer_page_set_session (self->explorer, self->session);
}

static void
ensure_submissions (AcWindow *self)
{
  if (self->submissions != NULL)
    return;
  self->submissions = g_object_new (AC_TYPE_SUBMISSIONS_PAGE, NULL);
  gtk_stack_add_named (self->stack, GTK_WIDGET (self->submissions), "submissions");
  ac_submissions_page_set_session (self->submissions, self->session);
}

void
ac_window_show_page (AcWindow *self, const char *page)
{
  /* Made when they are first shown, for the window is to open quickly. */
  if (strcmp (page, "investigations") == 0)
    ensure_investigations (self);
  else if (strcmp (page, "investigation") == 0)
    ensure_investigation (self);
  else if (strcmp (page, "explorer") == 0)
    ensure_explorer (self);
  else if (strcmp (page, "submissions") == 0)
    ensure_submissions (self);
  gtk_stack_set_visible_child_name (self->stack, page);
  ac_navigation_pane_set_page (self->navigation_pane, page);
  if (strcmp (page, "investigation") != 0)
    ac_window_visited (self, page, NULL);
  self->navigation_narrow = FALSE;
  update_layout (self);
}

static void
open_action_cb (AcWindow *self, AcAction *action)
{
  ac_window_show_page (self, "action-center");
  ac_action_center_page_show_action (self->action_center, action);
}

static void
open_view_cb (AcWindow *self, const AcSavedView *view)
{
  ac_window_show_page (self, "action-center");
  ac_action_center_page_open_view (self->action_center, view, NULL);
}

static void
open_investigation_cb (AcWindow *self, const char *id)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "win.open-investigation", "s", id);
}

/* It stays until it is read, or until there is something newer. */
static void
tell (AcWindow *self, const char *sentence)
{
  g_autofree char *escaped = g_markup_escape_text (sentence, -1);
  AdwToast *toast = adw_toast_new (escaped);

  if (self->told != NULL)
    adw_toast_dismiss (self->told);
  g_set_weak_pointer (&self->told, toast);
  adw_toast_set_timeout (toast, 0);
  adw_toast_overlay_add_toast (self->toast_overlay, toast);
  ac_compat_announce (GTK_WIDGET (self), sentence);
}

static void
page_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  ac_window_show_page (AC_WINDOW (widget), g_variant_get_string (parameter, NULL));
}

void
ac_window_show_investigation (AcWindow *self, const char *id)
{
  ensure_investigation (self);
  ac_investigation_view_show (self->investigation, id);
  ac_window_show_page (self, "investigation");
}

static void
open_investigation_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  AcWindow *self = AC_WINDOW (widget);
  const char *id = g_variant_get_string (parameter, NULL);

  ac_window_show_investigation (self, id);
  ac_window_visited (self, "investigation", id);
}

void
ac_window_action_cb (GObject *source_object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AcWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (AcAction) action = ac_api_get_action_finish (AC_API (source_object), result, &error);

  if (self->session == NULL)
    return;
  if (action != NULL)
    {
      open_action_cb (self, action);
      return;
    }
  gtk_widget_error_bell (GTK_WIDGET (self));
  adw_toast_overlay_add_toast (self->toast_overlay, adw_toast_new (error->message));
}

/* Returns whether it could be asked for. */
gboolean
ac_window_ask_for_action (AcWindow *self, const char *id, GAsyncReadyCallback callback)
{
  AcApi *api = ac_session_get_api (self->session);

  if (api != NULL)
    ac_api_get_action_async (api, id, NULL, callback, g_object_ref (self));
  else
    gtk_widget_error_bell (GTK_WIDGET (self));
  return api != NULL;
}

static void
show_action_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  ac_window_ask_for_action (AC_WINDOW (widget), g_variant_get_string (parameter, NULL),
                            ac_window_action_cb);
}

static void
step_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  gtk_widget_activate_action_variant (gtk_stack_get_visible_child (AC_WINDOW (widget)->stack),
                                      "page.step", parameter);
}

static void
pane_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  if (!ac_panes_step (widget, g_variant_get_int32 (parameter)))
    gtk_widget_error_bell (widget);
}

static void
shortcuts_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  gtk_window_present (ac_shortcuts_window_new (GTK_WINDOW (widget)));
}

static void
tab_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  AcWindow *self = AC_WINDOW (widget);

  ac_window_show_page (self, "action-center");
  ac_action_center_page_set_tab (self->action_center, g_variant_get_string (parameter, NULL));
  ac_action_center_page_focus_list (self->action_center);
}

static void
say_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  AcWindow *self = AC_WINDOW (widget);
  const char *text = g_variant_get_string (parameter, NULL);
  g_autofree char *escaped = g_markup_escape_text (text, -1);

  ac_run_notice_dismiss (self->run_notice);
  adw_toast_overlay_add_toast (self->toast_overlay, adw_toast_new (escaped));
  ac_compat_announce (widget, text);
}

static void
tell_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  tell (AC_WINDOW (widget), g_variant_get_string (parameter, NULL));
}

static void
shows_pending_cb (AcWindow *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SHOWS_PENDING]);
}

static void
refresh_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  AcWindow *self = AC_WINDOW (widget);
  AcSessionState state = ac_session_get_state (self->session);

  if (state == AC_SESSION_FAILED)
    ac_session_reopen (self->session);
  else
    gtk_widget_activate_action (gtk_stack_get_visible_child (self->stack), "page.refresh", NULL);
}

static void
close_flyout_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  gtk_widget_activate_action (gtk_stack_get_visible_child (AC_WINDOW (widget)->stack),
                              "page.close-flyout", NULL);
}

static void
find_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  AcWindow *self = AC_WINDOW (widget);

  ac_window_show_page (self, "action-center");
  ac_action_center_page_find (self->action_center);
}

static void
connection_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  ac_window_ask_for_connection (AC_WINDOW (widget));
}

static void
settings_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  AcWindow *self = AC_WINDOW (widget);

  if (self->settings != NULL)
    gtk_window_present (ac_settings_window_new (GTK_WINDOW (self), self->settings, self->session));
}

/* What another account has decided is not offered to be undone. */
static void
run_cb (AcWindow *self)
{
  if (ac_decisions_get_run (self->decisions) == NULL)
    ac_run_notice_dismiss (self->run_notice);
}

static void
say_offline (AcWindow *self)
{
  gtk_widget_activate_action (
      GTK_WIDGET (self), "win.say", "s",
      _ ("There is no connection to the service, so nothing can be decided now."));
}

static void
undo_run_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  AcWindow *self = AC_WINDOW (widget);
  g_autoptr (AcOperationRun) run = ac_run_notice_take_run (self->run_notice);

  if (ac_decisions_is_offline (self->decisions))
    say_offline (self);
  else if (run != NULL)
    ac_decisions_undo_run (self->decisions, run);
}

static void
undo_last_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  AcWindow *self = AC_WINDOW (widget);

  if (ac_decisions_undo_last (self->decisions) != NULL)
    return;
  gtk_widget_error_bell (widget);
  if (ac_decisions_is_offline (self->decisions))
    say_offline (self);
}

static void
show_run_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  AcWindow *self = AC_WINDOW (widget);
  g_autoptr (AcOperationRun) run = ac_run_notice_take_run (self->run_notice);

  if (run == NULL)
    return;
  ac_window_show_page (self, "action-center");
  ac_action_center_page_show_run (self->action_center, run);
}

/* The page to come back to at the next start: one of those of the navigation pane. */
static const char *
get_page (AcWindow *self)
{
  const char *page = gtk_stack_get_visible_child_name (self->stack);

  return g_strcmp0 (page, "investigation") == 0 ? "investigations" : page;
}

static void
save (AcWindow *self)
{
  int width, height;

  if (self->settings == NULL)
    return;
  gtk_window_get_default_size (GTK_WINDOW (self), &width, &height);
  g_settings_set_int (self->settings, "window-width", CLAMP (width, 360, 16384));
  g_settings_set_int (self->settings, "window-height", CLAMP (height, 240, 16384));
  g_settings_set_boolean (self->settings, "window-maximized",
                          gtk_window_is_maximized (GTK_WINDOW (self)));
  g_settings_set_boolean (self->settings, "navigation-shown", self->navigation_wide);
  g_settings_set_string (self->settings, "page", get_page (self));
  ac_action_center_page_save (self->action_center);
}

static gboolean
ac_window_close_request (GtkWindow *window)
{
  if (!ac_window_may_close (AC_WINDOW (window)))
    return GDK_EVENT_STOP;
  save (AC_WINDOW (window));
  return GTK_WINDOW_CLASS (ac_window_parent_class)->close_request (window);
}

static void
ac_window_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  AcWindow *self = AC_WINDOW (object);

  switch (prop_id)
    {
    case PROP_NAVIGATION_SHOWN:
      g_value_set_boolean (value, self->bin != NULL && navigation_shown (self));
      break;
    case PROP_SHOWS_PENDING:
      g_value_set_boolean (value, ac_window_get_shows_pending (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
ac_window_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  AcWindow *self = AC_WINDOW (object);

  switch (prop_id)
    {
    case PROP_NAVIGATION_SHOWN:
      set_navigation_shown (self, g_value_get_boolean (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
ac_window_dispose (GObject *object)
{
  AcWindow *self = AC_WINDOW (object);

  ac_window_forget_closing (self);
  g_clear_object (&self->run_notice);
  g_clear_weak_pointer (&self->told);
  if (self->link_opener != NULL)
    g_signal_handlers_disconnect_by_data (self->link_opener, self);
  g_clear_object (&self->link_opener);
  if (self->decisions != NULL)
    g_signal_handlers_disconnect_by_data (self->decisions, self);
  g_clear_object (&self->decisions);
  g_clear_object (&self->session);
  g_clear_object (&self->settings);
  g_clear_pointer (&self->visits, ac_visits_free);
  G_OBJECT_CLASS (ac_window_parent_class)->dispose (object);
}

static void
ac_window_class_init (AcWindowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = ac_window_dispose;
  object_class->get_property = ac_window_get_property;
  object_class->set_property = ac_window_set_property;
  GTK_WINDOW_CLASS (klass)->close_request = ac_window_close_request;

  properties[PROP_NAVIGATION_SHOWN] =
      g_param_spec_boolean ("navigation-shown", NULL, NULL, TRUE,
                            G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  properties[PROP_SHOWS_PENDING] =
      g_param_spec_boolean ("shows-pending", NULL, NULL, FALSE,
                            G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_template_from_resource (widget_class, AC_UI_RESOURCE_PATH "/ac-window.ui");
  gtk_widget_class_bind_template_child (widget_class, AcWindow, bin);
  gtk_widget_class_bind_template_child (widget_class, AcWindow, toast_overlay);
  gtk_widget_class_bind_template_child (widget_class, AcWindow, menu_button);
  gtk_widget_class_bind_template_child (widget_class, AcWindow, navigation_pane);
  gtk_widget_class_bind_template_child (widget_class, AcWindow, navigation);
  gtk_widget_class_bind_template_child (widget_class, AcWindow, stack);
  gtk_widget_class_bind_template_child (widget_class, AcWindow, action_center);
  gtk_widget_class_bind_template_child (widget_class, AcWindow, notice_line);
  gtk_widget_class_bind_template_callback (widget_class, update_layout);

  gtk_widget_class_install_property_action (widget_class, "win.navigation", "navigation-shown");
  gtk_widget_class_install_action (widget_class, "win.page", "s", page_action);
  gtk_widget_class_install_action (widget_class, "win.open-investigation", "s",
                                   open_investigation_action);
  gtk_widget_class_install_action (widget_class, "win.show-action", "s", show_action_action);
  gtk_widget_class_install_action (widget_class, "win.visited", "s", ac_window_visited_action);
  gtk_widget_class_install_action (widget_class, "win.back", NULL, ac_window_back_action);
  gtk_widget_class_install_action (widget_class, "win.forward", NULL, ac_window_back_action);
  gtk_widget_class_install_action (widget_class, "win.step", "i", step_action);
  gtk_widget_class_install_action (widget_class, "win.pane", "i", pane_action);
  gtk_widget_class_install_action (widget_class, "win.shortcuts", NULL, shortcuts_action);
  gtk_widget_class_install_action (widget_class, "win.tab", "s", tab_action);
  gtk_widget_class_install_action (widget_class, "win.say", "s", say_action);
  gtk_widget_class_install_action (widget_class, "win.tell", "s", tell_action);
  gtk_widget_class_install_action (widget_class, "win.refresh", NULL, refresh_action);
  gtk_widget_class_install_action (widget_class, "win.find", NULL, find_action);
  gtk_widget_class_install_action (widget_class, "win.connection", NULL, connection_action);
  gtk_widget_class_install_action (widget_class, "win.settings", NULL, settings_action);
  gtk_widget_class_install_action (widget_class, "win.undo-run", NULL, undo_run_action);
  gtk_widget_class_install_action (widget_class, "win.show-run", NULL, show_run_action);
  gtk_widget_class_install_action (widget_class, "win.undo-last", NULL, undo_last_action);
  gtk_widget_class_install_action (widget_class, "win.close-flyout", NULL, close_flyout_action);
  gtk_widget_class_install_action (widget_class, "win.close-anyway", NULL,
                                   ac_window_close_anyway_action);
  /* Wherever the focus is, also when its widget went with the decision; an entry keeps its own
   * Ctrl+Z. */
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_z, GDK_CONTROL_MASK, "win.undo-last",
                                       NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "win.close-flyout", NULL);
}

static void
ac_window_init (AcWindow *self)
{
  g_type_ensure (AC_TYPE_ADAPTIVE_BIN);
  g_type_ensure (AC_TYPE_NAVIGATION_PANE);
  g_type_ensure (AC_TYPE_ACTION_CENTER_PAGE);
  g_type_ensure (AC_TYPE_NOTICE_LINE);
  self->visits = ac_visits_new ();
  self->navigation_wide = TRUE;
  self->remember_connection = TRUE;
  gtk_widget_init_template (GTK_WIDGET (self));
  self->run_notice = ac_run_notice_new (self->toast_overlay, self->notice_line, self->bin);
  ac_ui_quiet_while_open (self->menu_button);
  ac_window_show_page (self, "action-center");
}

static void
restore_page (AcWindow *self)
{
  /* A later version may have known other pages. */
  static const char *const pages[] = { "investigations", "explorer", "submissions", NULL };
  g_autofree char *page =
      self->settings != NULL ? g_settings_get_string (self->settings, "page") : NULL;

  if (page != NULL && g_strv_contains (pages, page))
    ac_window_show_page (self, page);
}

/**
 * ac_window_new:
 * @session: what it shows
 * @settings: (nullable): how the person had it last
 *
 * Returns: (transfer none): GTK holds it until it is closed.
 */
AcWindow *
ac_window_new (GtkApplication *application, AcSession *session, GSettings *settings)
{
  AcWindow *self = g_object_new (AC_TYPE_WINDOW, "application", application, NULL);

  self->session = g_object_ref (session);
  self->decisions = ac_decisions_new (session);
  g_signal_connect_object (self->decisions, "notify::run", G_CALLBACK (run_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->decisions, "finished", G_CALLBACK (ac_run_notice_show),
                           self->run_notice, G_CONNECT_SWAPPED);
  ac_window_follow_sending (self);
  if (settings != NULL)
    {
      self->settings = g_object_ref (settings);
      ac_appearance_follow (settings, GTK_WIDGET (self));
      self->navigation_wide = g_settings_get_boolean (settings, "navigation-shown");
      gtk_window_set_default_size (GTK_WINDOW (self), g_settings_get_int (settings, "window-width"),
                                   g_settings_get_int (settings, "window-height"));
      if (g_settings_get_boolean (settings, "window-maximized"))
        gtk_window_maximize (GTK_WINDOW (self));
    }
  /* In a browser's tab, what lies outside the tab cannot be reached. */
  if (g_str_equal (G_OBJECT_TYPE_NAME (gtk_widget_get_display (GTK_WIDGET (self))),
                   "GdkBroadwayDisplay"))
    gtk_window_maximize (GTK_WINDOW (self));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.settings", settings != NULL);
  ac_navigation_pane_set_session (self->navigation_pane, session);
  ac_action_center_page_set_up (self->action_center, self->decisions, settings);
  restore_page (self);
  g_signal_connect_object (self, "notify::is-active", G_CALLBACK (shows_pending_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->stack, "notify::visible-child", G_CALLBACK (shows_pending_cb),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->action_center, "notify::tab", G_CALLBACK (shows_pending_cb), self,
                           G_CONNECT_SWAPPED);
  update_layout (self);
  return self;
}

/**
 * ac_window_set_remember_connection:
 *
 * Says whether the next start connects to what is chosen in this one.
 */
void
ac_window_set_remember_connection (AcWindow *self, gboolean remember)
{
  g_return_if_fail (AC_IS_WINDOW (self));

  self->remember_connection = remember;
}

/**
 * ac_window_ask_for_connection:
 *
 * Asks the person which service to connect to.
 */
void
ac_window_ask_for_connection (AcWindow *self)
{
  g_return_if_fail (AC_IS_WINDOW (self));

  gtk_window_present (ac_connection_window_new (GTK_WINDOW (self), self->session,
                                                self->remember_connection ? self->settings : NULL));
}

/**
 * ac_window_explore:
 *
 * Shows the Explorer, and searches there.
 */
void
ac_window_explore (AcWindow *self, const AcMailQuery *query)
{
  g_return_if_fail (AC_IS_WINDOW (self));
  g_return_if_fail (query != NULL);

  ac_window_show_page (self, "explorer");
  ac_explorer_page_search (self->explorer, query);
}

/**
 * ac_window_report:
 * @action: whose entity was judged wrongly
 *
 * Lets the person report it.
 */
void
ac_window_report (AcWindow *self, AcAction *action)
{
  const char *const *assets;

  g_return_if_fail (AC_IS_WINDOW (self));
  g_return_if_fail (AC_IS_ACTION (action));

  assets = ac_action_get_assets (action);
  gtk_window_present (
      ac_submission_window_new (GTK_WINDOW (self), self->session, ac_action_get_entity (action),
                                ac_action_get_id (action), assets != NULL ? assets[0] : NULL));
}

/**
 * ac_window_open_link:
 * @uri: a link of ac-link.h, from wherever
 *
 * Shows what it leads to, or says why not. Nothing is decided.
 */
void
ac_window_open_link (AcWindow *self, const char *uri)
{
  g_return_if_fail (AC_IS_WINDOW (self));
  g_return_if_fail (uri != NULL);

  if (self->link_opener == NULL)
    {
      self->link_opener = ac_link_opener_new (self->session);
      g_signal_connect_swapped (self->link_opener, "open-view", G_CALLBACK (open_view_cb), self);
      g_signal_connect_swapped (self->link_opener, "open-action", G_CALLBACK (open_action_cb),
                                self);
      g_signal_connect_swapped (self->link_opener, "open-investigation",
                                G_CALLBACK (open_investigation_cb), self);
      g_signal_connect_swapped (self->link_opener, "failed", G_CALLBACK (tell), self);
    }
  ac_link_opener_open (self->link_opener, uri);
}

typedef struct
{
  AcWindow *window; /* owned */
  AcDecision decision;
} Opening;

static void
found_cb (GObject *source_object, GAsyncResult *result, gpointer user_data)
{
  g_autofree Opening *opening = user_data;
  g_autoptr (AcWindow) self = opening->window;
  g_autoptr (GError) error = NULL;
  g_autoptr (AcAction) action = ac_action_finder_find_finish (result, &error);

  if (self->session == NULL)
    return;
  if (action == NULL)
    {
      gtk_widget_activate_action (GTK_WIDGET (self), "win.say", "s", error->message);
      return;
    }
  ac_window_show_page (self, "action-center");
  if (opening->decision != AC_DECISION_UNKNOWN)
    ac_action_center_page_review (self->action_center, action, opening->decision);
  else
    ac_action_center_page_show_action (self->action_center, action);
}

/**
 * ac_window_open_action:
 * @id: of an action
 * @decision: the decision whose button takes the focus, or %AC_DECISION_UNKNOWN
 *
 * Shows an action, as soon as it is known. It decides nothing.
 */
void
ac_window_open_action (AcWindow *self, const char *id, AcDecision decision)
{
  Opening *opening;

  g_return_if_fail (AC_IS_WINDOW (self));

  opening = g_new0 (Opening, 1);
  opening->window = g_object_ref (self);
  opening->decision = decision;
  ac_action_finder_find_async (self->session, id, NULL, found_cb, opening);
}

/**
 * ac_window_search:
 * @text: what to search the actions for
 */
void
ac_window_search (AcWindow *self, const char *text)
{
  g_return_if_fail (AC_IS_WINDOW (self));

  ac_window_show_page (self, "action-center");
  ac_action_center_page_search (self->action_center, text);
}

/**
 * ac_window_get_shows_pending:
 *
 * Returns: whether the person works in this window and has the pending actions before them.
 */
gboolean
ac_window_get_shows_pending (AcWindow *self)
{
  g_autofree char *tab = NULL;

  g_return_val_if_fail (AC_IS_WINDOW (self), FALSE);

  if (!gtk_window_is_active (GTK_WINDOW (self)) || self->stack == NULL ||
      g_strcmp0 (gtk_stack_get_visible_child_name (self->stack), "action-center") != 0)
    return FALSE;
  g_object_get (self->action_center, "tab", &tab, NULL);
  return g_strcmp0 (tab, "pending") == 0;
}
