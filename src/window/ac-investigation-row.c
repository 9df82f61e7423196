/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "window/ac-investigation-row.h"
#include "window/ac-time-text.h"
#include "window/ac-ui.h"
#include "window/ac-wording.h"

struct _AcInvestigationRow
{
  GtkListBoxRow parent_instance;

  GtkLabel *title;
  GtkLabel *status;
  GtkLabel *time;
};

G_DEFINE_FINAL_TYPE (AcInvestigationRow, ac_investigation_row, GTK_TYPE_LIST_BOX_ROW)

static void
ac_investigation_row_class_init (AcInvestigationRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               AC_UI_RESOURCE_PATH "/ac-investigation-row.ui");
  gtk_widget_class_bind_template_child (widget_class, AcInvestigationRow, title);
  gtk_widget_class_bind_template_child (widget_class, AcInvestigationRow, status);
  gtk_widget_class_bind_template_child (widget_class, AcInvestigationRow, time);
}

static void
ac_investigation_row_init (AcInvestigationRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * ac_investigation_row_new:
 * @investigation: as the list of investigations has it, with counts
 *
 * Returns: (transfer floating): activating it opens the page of the investigation.
 */
GtkWidget *
ac_investigation_row_new (AcInvestigation *investigation)
{
  AcInvestigationRow *self = g_object_new (AC_TYPE_INVESTIGATION_ROW, NULL);
  guint n_pending = ac_investigation_get_pending_count (investigation);
  const char *title = ac_investigation_get_title (investigation);
  const char *status = ac_vocabulary_label (AC_VOCABULARY_INVESTIGATION_STATUS,
                                            ac_investigation_get_status (investigation));
  g_autofree char *actions = ac_wording_actions (ac_investigation_get_action_count (investigation));
  g_autofree char *text = NULL;
  g_autofree char *description = NULL;

  if (n_pending > 0)
    /* Translators: status of an investigation, number of actions, how many of them are pending */
    text = g_strdup_printf (_ ("%1$s · %2$s, %3$u pending"), status, actions, n_pending);
  else
    text = g_strdup_printf (_ ("%1$s · %2$s"), status, actions);
  gtk_label_set_text (self->title, title);
  gtk_label_set_text (self->status, text);
  ac_time_text_show (self->time, ac_investigation_get_updated_at (investigation));
  description = g_strdup_printf ("%s, %s", title, text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, description,
                                  -1);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self), "win.open-investigation");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (self), "s",
                                    ac_investigation_get_id (investigation));
  return GTK_WIDGET (self);
}
