/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>

#include "client/ac-operation-types.h"
#include "client/ac-query-text.h"
#include "client/ac-running.h"
#include "window/ac-choices.h"
#include "window/ac-running-row.h"
#include "window/ac-running-tab.h"
#include "window/ac-saved-view.h"
#include "window/ac-ui.h"

struct _AcRunningTab
{
  GtkWidget parent_instance;

  GtkStack *stack;
  GtkListBox *rows;
  AdwStatusPage *notice;

  AcSession *session; /* nullable */
  AcRunning *running; /* nullable: there is no connection */
  AcOperationTypes *types; /* nullable, as running */
};

G_DEFINE_FINAL_TYPE (AcRunningTab, ac_running_tab, GTK_TYPE_WIDGET)

enum
{
  PROP_0,
  PROP_COUNT,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
stop_cb (AcRunningRow *row, AcRunningTab *self)
{
  if (self->running != NULL)
    ac_running_stop (self->running, ac_operation_get_id (ac_running_row_get_operation (row)));
}

/* Under way, its actions stand in the history. */
static void
open_cb (AcRunningRow *row, AcRunningTab *self)
{
  g_autoptr (AcActionQuery) plain = ac_action_query_new (AC_TAB_HISTORY);
  const char *const ids[] = { ac_operation_get_id (ac_running_row_get_operation (row)), NULL };
  g_autoptr (AcActionQuery) query = ac_action_query_with_filter (plain, AC_FILTER_OPERATION, ids);
  g_autofree char *filters = ac_query_text_format (query);
  const AcSavedView view = { (char *)"operation", (char *)"history",    filters,
                             (char *)"all",       (char *)"-updatedAt", NULL };
  g_autofree char *text = ac_saved_view_to_text (&view);

  gtk_widget_activate_action (GTK_WIDGET (self), "page.open-view", "s", text);
}

static AcRunningRow *
find_row (AcRunningTab *self, const char *id)
{
  for (int i = 0; gtk_list_box_get_row_at_index (self->rows, i) != NULL; i++)
    {
      AcRunningRow *row = AC_RUNNING_ROW (gtk_list_box_get_row_at_index (self->rows, i));

      if (g_strcmp0 (ac_operation_get_id (ac_running_row_get_operation (row)), id) == 0)
        return row;
    }
  return NULL;
}

/* Who may decide at all mostly may about each type; whoever does not is told which type it is. */
static void
offer_stop (AcRunningTab *self, AcRunningRow *row)
{
  const AcMe *me = ac_session_get_me (self->session);
  g_autoptr (GHashTable) none = g_hash_table_new (g_str_hash, g_str_equal);
  gboolean limited =
      me != NULL && ac_me_may (me, AC_PERMISSION_DECIDE) && !ac_me_may_decide (me, NULL);
  AcOperation *operation = ac_running_row_get_operation (row);
  GHashTable *types = limited ? ac_operation_types_find (self->types, ac_operation_get_id (operation),
                                                         ac_operation_get_total (operation))
                              : none;
  g_autofree char *refusal = types != NULL ? ac_choices_dup_refusal (me, types) : NULL;

  ac_running_row_offer_stop (row, types != NULL, refusal);
}

static void
types_cb (AcRunningTab *self)
{
  for (int i = 0; gtk_list_box_get_row_at_index (self->rows, i) != NULL; i++)
    offer_stop (self, AC_RUNNING_ROW (gtk_list_box_get_row_at_index (self->rows, i)));
}

/* Rows stay where they are as long as their operation is under way: whoever is about to press a
 * button presses that one. */
static void
show_operations (AcRunningTab *self, GPtrArray *operations)
{
  g_autoptr (GHashTable) now = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = operations->len; i > 0; i--)
    {
      AcOperation *operation = operations->pdata[i - 1];
      AcRunningRow *row = find_row (self, ac_operation_get_id (operation));

      g_hash_table_add (now, (gpointer)ac_operation_get_id (operation));
      if (row == NULL)
        {
          row = AC_RUNNING_ROW (ac_running_row_new ());
          g_signal_connect (row, "stop", G_CALLBACK (stop_cb), self);
          g_signal_connect (row, "open", G_CALLBACK (open_cb), self);
          gtk_list_box_prepend (self->rows, GTK_WIDGET (row));
        }
      ac_running_row_set_operation (row, operation);
      offer_stop (self, row);
    }
  for (int i = 0; gtk_list_box_get_row_at_index (self->rows, i) != NULL;)
    {
      AcRunningRow *row = AC_RUNNING_ROW (gtk_list_box_get_row_at_index (self->rows, i));

      if (g_hash_table_contains (now, ac_operation_get_id (ac_running_row_get_operation (row))))
        i++;
      else
        gtk_list_box_remove (self->rows, GTK_WIDGET (row));
    }
}

static void
show_notice (AcRunningTab *self, const char *icon_name, const char *title, const char *description)
{
  g_autofree char *escaped = g_markup_escape_text (description, -1);

  adw_status_page_set_icon_name (self->notice, icon_name);
  adw_status_page_set_title (self->notice, title);
  adw_status_page_set_description (self->notice, escaped);
  gtk_stack_set_visible_child (self->stack, GTK_WIDGET (self->notice));
}

static void
update (AcRunningTab *self)
{
  GPtrArray *operations = self->running != NULL ? ac_running_get_operations (self->running) : NULL;
  const char *error = self->running != NULL ? ac_running_get_error (self->running) : NULL;

  if (operations == NULL)
    show_notice (self, "ac-offline-symbolic", _ ("Not connected"),
                 _ ("What is in progress is known to the service only."));
  else if (error != NULL)
    show_notice (self, "ac-offline-symbolic", _ ("What is in progress is not known"), error);
  else if (ac_running_get_n_running (self->running) < 0)
    gtk_stack_set_visible_child_name (self->stack, "loading");
  else if (operations->len == 0)
    show_notice (self, "ac-done-symbolic", _ ("Nothing is in progress"),
                 _ ("What is approved, undone or tried again is here until it is over."));
  else
    {
      show_operations (self, operations);
      gtk_stack_set_visible_child_name (self->stack, "list");
    }
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_COUNT]);
}

static void
drop_service (AcRunningTab *self)
{
  if (self->running != NULL)
    g_signal_handlers_disconnect_by_data (self->running, self);
  g_clear_object (&self->running);
  if (self->types != NULL)
    g_signal_handlers_disconnect_by_data (self->types, self);
  g_clear_object (&self->types);
}

static void
session_cb (AcRunningTab *self)
{
  AcApi *api = ac_session_get_api (self->session);
  AcActionSource *source = ac_session_get_source (self->session);

  drop_service (self);
  if (api != NULL && source != NULL)
    {
      self->types = ac_operation_types_new (source);
      g_signal_connect_swapped (self->types, "known", G_CALLBACK (types_cb), self);
      self->running = ac_running_new (api, source);
      g_signal_connect_swapped (self->running, "changed", G_CALLBACK (update), self);
    }
  update (self);
}

static void
ac_running_tab_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_COUNT:
      g_value_set_int64 (value, ac_running_tab_get_count (AC_RUNNING_TAB (object)));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
ac_running_tab_dispose (GObject *object)
{
  AcRunningTab *self = AC_RUNNING_TAB (object);

  drop_service (self);
  if (self->session != NULL)
    g_signal_handlers_disconnect_by_data (self->session, self);
  g_clear_object (&self->session);
  g_clear_pointer ((GtkWidget **)&self->stack, gtk_widget_unparent);
  G_OBJECT_CLASS (ac_running_tab_parent_class)->dispose (object);
}

static void
ac_running_tab_class_init (AcRunningTabClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = ac_running_tab_dispose;
  object_class->get_property = ac_running_tab_get_property;
  properties[PROP_COUNT] =
      g_param_spec_int64 ("count", NULL, NULL, -1, G_MAXINT64, -1,
                          G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               AC_UI_RESOURCE_PATH "/ac-running-tab.ui");
  gtk_widget_class_bind_template_child (widget_class, AcRunningTab, stack);
  gtk_widget_class_bind_template_child (widget_class, AcRunningTab, rows);
  gtk_widget_class_bind_template_child (widget_class, AcRunningTab, notice);
  ac_ui_bind_spinner (widget_class);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
ac_running_tab_init (AcRunningTab *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * ac_running_tab_set_session:
 *
 * Called once.
 */
void
ac_running_tab_set_session (AcRunningTab *self, AcSession *session)
{
  g_return_if_fail (AC_IS_RUNNING_TAB (self));
  g_return_if_fail (self->session == NULL);

  self->session = g_object_ref (session);
  g_signal_connect_swapped (session, "notify::source", G_CALLBACK (session_cb), self);
  g_signal_connect_swapped (session, "notify::state", G_CALLBACK (session_cb), self);
  session_cb (self);
}

/**
 * ac_running_tab_refresh:
 *
 * Asks the service anew.
 */
void
ac_running_tab_refresh (AcRunningTab *self)
{
  g_return_if_fail (AC_IS_RUNNING_TAB (self));

  if (self->running != NULL)
    ac_running_refresh (self->running);
}

gint64
ac_running_tab_get_count (AcRunningTab *self)
{
  g_return_val_if_fail (AC_IS_RUNNING_TAB (self), -1);

  return self->running != NULL ? ac_running_get_n_running (self->running) : -1;
}
