/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>

#include "window/ac-action-columns.h"
#include "window/ac-fact-row.h"
#include "window/ac-investigation-view.h"
#include "window/ac-time-text.h"
#include "window/ac-ui.h"
#include "window/ac-wording.h"

struct _AcInvestigationView
{
  GtkWidget parent_instance;

  GtkBox *box;
  GtkStack *stack;
  AdwStatusPage *error_page;
  GtkScrolledWindow *scrolled_window;
  GtkLabel *title;
  GtkLabel *description;
  GtkBox *facts;
  GtkLabel *evidence_heading;
  GtkListBox *evidence;
  GtkLabel *actions_heading;
  GtkListBox *actions;

  AcSession *session; /* nullable */
  char *id;           /* nullable: of the investigation to show */
  AcInvestigation *investigation;
  GCancellable *cancellable;
};

G_DEFINE_FINAL_TYPE (AcInvestigationView, ac_investigation_view, GTK_TYPE_WIDGET)

enum
{
  OPEN_ACTION,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
clear_list (GtkListBox *list_box)
{
  GtkWidget *row;

  while ((row = gtk_widget_get_first_child (GTK_WIDGET (list_box))) != NULL)
    gtk_list_box_remove (list_box, row);
}

static void
show_facts (AcInvestigationView *self, AcInvestigation *investigation)
{
  g_autofree char *created = ac_time_text_full (ac_investigation_get_created_at (investigation));
  g_autofree char *updated = ac_time_text_full (ac_investigation_get_updated_at (investigation));
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->facts))) != NULL)
    gtk_box_remove (self->facts, child);
  ac_fact_row_append (self->facts, _ ("Status"),
                      ac_vocabulary_label (AC_VOCABULARY_INVESTIGATION_STATUS,
                                           ac_investigation_get_status (investigation)));
  ac_fact_row_append (self->facts, _ ("Trigger"), ac_investigation_get_trigger (investigation));
  ac_fact_row_append (self->facts, _ ("Severity"), ac_investigation_get_severity (investigation));
  ac_fact_row_append (self->facts, _ ("Detection source"),
                      ac_investigation_get_detection_source (investigation));
  ac_fact_row_append (self->facts, _ ("External id"),
                      ac_investigation_get_external_id (investigation));
  ac_fact_row_append (self->facts, _ ("Started"), created);
  ac_fact_row_append (self->facts, _ ("Updated"), updated);
}

static GtkWidget *
new_row (const char *title, const char *subtitle, const char *icon_name, const char *style_class)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *image = gtk_image_new_from_icon_name (icon_name);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  if (style_class != NULL)
    gtk_widget_add_css_class (image, style_class);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), image);
  return row;
}

static void
show_evidence (AcInvestigationView *self, GPtrArray *evidence)
{
  g_autofree char *number = ac_wording_number (evidence->len);
  g_autofree char *heading = g_strdup_printf (_ ("Evidence (%s)"), number);

  gtk_label_set_text (self->evidence_heading, heading);
  clear_list (self->evidence);
  for (guint i = 0; i < evidence->len; i++)
    {
      AcEvidence *one = g_ptr_array_index (evidence, i);
      AcEntity *entity = ac_evidence_get_entity (one);
      const char *verdict = ac_evidence_get_verdict (one);
      const char *detail = ac_evidence_get_detail (one);
      const char *type =
          ac_vocabulary_label (AC_VOCABULARY_ENTITY_TYPE, ac_entity_get_entity_type (entity));
      const char *verdict_label = ac_vocabulary_label (AC_VOCABULARY_VERDICT, verdict);
      g_autofree char *subtitle = NULL;
      GtkWidget *row;

      /* Translators: verdict, entity type, and what was found */
      subtitle = detail != NULL
                     ? g_strdup_printf (_ ("%1$s · %2$s · %3$s"), verdict_label, type, detail)
                     : g_strdup_printf (_ ("%1$s · %2$s"), verdict_label, type);
      row = new_row (ac_entity_get_summary (entity), subtitle, ac_wording_verdict_icon (verdict),
                     ac_wording_verdict_class (verdict));
      gtk_list_box_append (self->evidence, row);
    }
  gtk_widget_set_visible (GTK_WIDGET (self->evidence), evidence->len > 0);
}

static void
show_actions (AcInvestigationView *self, GPtrArray *actions)
{
  g_autofree char *number = ac_wording_number (actions->len);
  g_autofree char *heading = g_strdup_printf (_ ("Actions (%s)"), number);

  gtk_label_set_text (self->actions_heading, heading);
  clear_list (self->actions);
  for (guint i = 0; i < actions->len; i++)
    {
      AcAction *action = g_ptr_array_index (actions, i);
      const char *details = ac_action_get_details (action);
      const char *status = ac_action_get_status (action);
      g_autofree char *description = ac_action_columns_describe (action);
      g_autofree char *subtitle = g_strdup_printf (
          _ ("%1$s · %2$s"), ac_vocabulary_label (AC_VOCABULARY_STATUS, status),
          ac_vocabulary_label (AC_VOCABULARY_ACTION_TYPE, ac_action_get_action_type (action)));
      GtkWidget *row = new_row (
          details != NULL ? details : ac_entity_get_summary (ac_action_get_entity (action)),
          subtitle, ac_wording_status_icon (status), ac_wording_status_class (status));

      gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
      adw_action_row_add_suffix (ADW_ACTION_ROW (row),
                                 gtk_image_new_from_icon_name ("go-next-symbolic"));
      gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                      description, -1);
      g_object_set_data_full (G_OBJECT (row), "ac-action", g_object_ref (action), g_object_unref);
      gtk_list_box_append (self->actions, row);
    }
  gtk_widget_set_visible (GTK_WIDGET (self->actions), actions->len > 0);
}

static void
row_activated_cb (AcInvestigationView *self, GtkListBoxRow *row)
{
  AcAction *action = g_object_get_data (G_OBJECT (row), "ac-action");

  if (action != NULL)
    g_signal_emit (self, signals[OPEN_ACTION], 0, action);
}

static void
loaded_cb (GObject *source_object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AcInvestigationView) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (AcInvestigation) investigation =
      ac_api_get_investigation_finish (AC_API (source_object), result, &error);
  g_autofree char *escaped = NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (investigation == NULL)
    {
      escaped = g_markup_escape_text (error->message, -1);
      adw_status_page_set_description (self->error_page, escaped);
      gtk_stack_set_visible_child_name (self->stack, "error");
      return;
    }
  ac_investigation_view_set_investigation (self, investigation);
}

static void
refresh_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  ac_investigation_view_refresh (AC_INVESTIGATION_VIEW (widget));
}

/* Its actions may have changed while it was not looked at. */
static void
ac_investigation_view_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (ac_investigation_view_parent_class)->map (widget);
  ac_investigation_view_refresh (AC_INVESTIGATION_VIEW (widget));
}

static void
ac_investigation_view_dispose (GObject *object)
{
  AcInvestigationView *self = AC_INVESTIGATION_VIEW (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->session);
  g_clear_object (&self->investigation);
  g_clear_pointer (&self->id, g_free);
  g_clear_pointer ((GtkWidget **)&self->box, gtk_widget_unparent);
  G_OBJECT_CLASS (ac_investigation_view_parent_class)->dispose (object);
}

static void
ac_investigation_view_class_init (AcInvestigationViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ac_investigation_view_dispose;
  widget_class->map = ac_investigation_view_map;

  signals[OPEN_ACTION] = g_signal_new ("open-action", AC_TYPE_INVESTIGATION_VIEW, G_SIGNAL_RUN_LAST,
                                       0, NULL, NULL, NULL, G_TYPE_NONE, 1, AC_TYPE_ACTION);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               AC_UI_RESOURCE_PATH "/ac-investigation-view.ui");
  ac_ui_bind_spinner (widget_class);
  gtk_widget_class_bind_template_child (widget_class, AcInvestigationView, box);
  gtk_widget_class_bind_template_child (widget_class, AcInvestigationView, stack);
  gtk_widget_class_bind_template_child (widget_class, AcInvestigationView, error_page);
  gtk_widget_class_bind_template_child (widget_class, AcInvestigationView, scrolled_window);
  gtk_widget_class_bind_template_child (widget_class, AcInvestigationView, title);
  gtk_widget_class_bind_template_child (widget_class, AcInvestigationView, description);
  gtk_widget_class_bind_template_child (widget_class, AcInvestigationView, facts);
  gtk_widget_class_bind_template_child (widget_class, AcInvestigationView, evidence_heading);
  gtk_widget_class_bind_template_child (widget_class, AcInvestigationView, evidence);
  gtk_widget_class_bind_template_child (widget_class, AcInvestigationView, actions_heading);
  gtk_widget_class_bind_template_child (widget_class, AcInvestigationView, actions);
  gtk_widget_class_bind_template_callback (widget_class, row_activated_cb);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_install_action (widget_class, "page.refresh", NULL, refresh_action);
}

static void
zone_cb (GObject *object)
{
  AcInvestigationView *self = AC_INVESTIGATION_VIEW (object);

  if (self->investigation != NULL)
    show_facts (self, self->investigation);
}

static void
ac_investigation_view_init (AcInvestigationView *self)
{
  ac_time_text_follow (self, zone_cb);
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * ac_investigation_view_set_session:
 * @session: (nullable): where the investigation comes from
 */
void
ac_investigation_view_set_session (AcInvestigationView *self, AcSession *session)
{
  g_return_if_fail (AC_IS_INVESTIGATION_VIEW (self));

  g_set_object (&self->session, session);
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
      g_free (self->id);
      self->id = g_strdup (investigation_id);
      g_clear_object (&self->investigation);
      gtk_stack_set_visible_child_name (self->stack, "loading");
      gtk_adjustment_set_value (gtk_scrolled_window_get_vadjustment (self->scrolled_window), 0);
    }
  ac_investigation_view_refresh (self);
}

/**
 * ac_investigation_view_refresh:
 *
 * Asks for it anew. What is shown stays until the answer is there.
 */
void
ac_investigation_view_refresh (AcInvestigationView *self)
{
  AcApi *api;

  g_return_if_fail (AC_IS_INVESTIGATION_VIEW (self));

  api = self->session != NULL ? ac_session_get_api (self->session) : NULL;
  if (api == NULL || self->id == NULL)
    return;
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  ac_api_get_investigation_async (api, self->id, self->cancellable, loaded_cb, g_object_ref (self));
}

/**
 * ac_investigation_view_set_investigation:
 *
 * Shows an investigation that is there already.
 */
void
ac_investigation_view_set_investigation (AcInvestigationView *self, AcInvestigation *investigation)
{
  const char *description;

  g_return_if_fail (AC_IS_INVESTIGATION_VIEW (self));
  g_return_if_fail (AC_IS_INVESTIGATION (investigation));

  g_set_object (&self->investigation, investigation);
  description = ac_investigation_get_description (investigation);
  gtk_label_set_text (self->title, ac_investigation_get_title (investigation));
  gtk_label_set_text (self->description, description != NULL ? description : "");
  gtk_widget_set_visible (GTK_WIDGET (self->description),
                          description != NULL && *description != '\0');
  show_facts (self, investigation);
  show_evidence (self, ac_investigation_get_evidence (investigation));
  show_actions (self, ac_investigation_get_actions (investigation));
  gtk_stack_set_visible_child_name (self->stack, "investigation");
}
