/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "window/ac-result-row.h"
#include "window/ac-row-layout.h"
#include "window/ac-time-text.h"
#include "window/ac-type-wording.h"
#include "window/ac-ui.h"

struct _AcResultRow
{
  GtkWidget parent_instance;

  GtkGrid *grid;
  GtkImage *image;
  GtkLabel *title;
  GtkLabel *outcome;
  GtkLabel *detail;
};

G_DEFINE_FINAL_TYPE (AcResultRow, ac_result_row, GTK_TYPE_WIDGET)

static void
ac_result_row_dispose (GObject *object)
{
  AcResultRow *self = AC_RESULT_ROW (object);

  g_clear_pointer ((GtkWidget **)&self->grid, gtk_widget_unparent);
  G_OBJECT_CLASS (ac_result_row_parent_class)->dispose (object);
}

static void
ac_result_row_class_init (AcResultRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ac_result_row_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               AC_UI_RESOURCE_PATH "/ac-result-row.ui");
  gtk_widget_class_bind_template_child (widget_class, AcResultRow, grid);
  gtk_widget_class_bind_template_child (widget_class, AcResultRow, image);
  gtk_widget_class_bind_template_child (widget_class, AcResultRow, title);
  gtk_widget_class_bind_template_child (widget_class, AcResultRow, outcome);
  gtk_widget_class_bind_template_child (widget_class, AcResultRow, detail);
  gtk_widget_class_set_layout_manager_type (widget_class, AC_TYPE_ROW_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "resultrow");
}

static void
ac_result_row_init (AcResultRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

static const char *
outcome_icon (const char *outcome)
{
  switch (ac_outcome_parse (outcome))
    {
    case AC_OUTCOME_MOVED:
    case AC_OUTCOME_DONE:
    case AC_OUTCOME_NOTHING_TO_DO:
    case AC_OUTCOME_ALREADY_THERE:
      return "ac-done-symbolic";
    case AC_OUTCOME_RESTORED:
    case AC_OUTCOME_ALREADY_RESTORED:
      return "ac-undone-symbolic";
    case AC_OUTCOME_NOT_FOUND:
    case AC_OUTCOME_MOVED_BY_OTHER:
    case AC_OUTCOME_CONFLICT:
      return "ac-suspicious-symbolic";
    case AC_OUTCOME_NOT_REMEDIABLE:
    case AC_OUTCOME_FAILED:
      return "ac-failed-symbolic";
    case AC_OUTCOME_UNKNOWN:
    default:
      return "ac-unknown-symbolic";
    }
}

static void
set_line (GtkLabel *label, const char *text)
{
  gtk_label_set_text (label, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (label), text != NULL && *text != '\0');
}

/**
 * ac_result_row_new:
 * @action_type: (nullable): raw; of what action this is a result
 * @asset: the mailbox or device
 * @result: (nullable): what happened there
 *
 * Returns: (transfer floating):
 */
GtkWidget *
ac_result_row_new (const char *action_type, const char *asset, AcActionResult *result)
{
  AcResultRow *self = g_object_new (AC_TYPE_RESULT_ROW, NULL);
  g_autofree char *when = NULL;

  gtk_label_set_text (self->title, asset);
  gtk_widget_set_visible (GTK_WIDGET (self->image), result != NULL);
  set_line (self->outcome, NULL);
  set_line (self->detail, NULL);
  if (result == NULL)
    return GTK_WIDGET (self);
  when = ac_time_text_full (ac_action_result_get_at (result));
  gtk_image_set_from_icon_name (self->image, outcome_icon (ac_action_result_get_outcome (result)));
  set_line (self->outcome,
            ac_type_wording_outcome (action_type, ac_action_result_get_outcome (result)));
  set_line (self->detail, ac_action_result_get_detail (result));
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->outcome), when);
  return GTK_WIDGET (self);
}

/**
 * ac_result_row_new_with_text:
 * @title: which action
 * @detail: (nullable): what happened to it
 * @icon: the name of an icon
 *
 * Returns: (transfer floating):
 */
GtkWidget *
ac_result_row_new_with_text (const char *title, const char *detail, const char *icon)
{
  AcResultRow *self = g_object_new (AC_TYPE_RESULT_ROW, NULL);

  gtk_label_set_text (self->title, title);
  gtk_image_set_from_icon_name (self->image, icon);
  set_line (self->outcome, NULL);
  set_line (self->detail, detail);
  return GTK_WIDGET (self);
}
