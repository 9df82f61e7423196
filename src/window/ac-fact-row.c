/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "window/ac-fact-row.h"
#include "window/ac-ui.h"

struct _AcFactRow
{
  GtkWidget parent_instance;

  GtkLabel *label;
  GtkLabel *value;
};

G_DEFINE_FINAL_TYPE (AcFactRow, ac_fact_row, GTK_TYPE_WIDGET)

static void
ac_fact_row_dispose (GObject *object)
{
  AcFactRow *self = AC_FACT_ROW (object);

  g_clear_pointer ((GtkWidget **)&self->label, gtk_widget_unparent);
  g_clear_pointer ((GtkWidget **)&self->value, gtk_widget_unparent);
  G_OBJECT_CLASS (ac_fact_row_parent_class)->dispose (object);
}

static void
ac_fact_row_class_init (AcFactRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ac_fact_row_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, AC_UI_RESOURCE_PATH "/ac-fact-row.ui");
  gtk_widget_class_bind_template_child (widget_class, AcFactRow, label);
  gtk_widget_class_bind_template_child (widget_class, AcFactRow, value);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BOX_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "factrow");
}

static void
ac_fact_row_init (AcFactRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_orientable_set_orientation (
      GTK_ORIENTABLE (gtk_widget_get_layout_manager (GTK_WIDGET (self))), GTK_ORIENTATION_VERTICAL);
}

/**
 * ac_fact_row_new:
 * @label: translated
 * @value: text of any kind, shown as it is
 *
 * Returns: (transfer floating):
 */
GtkWidget *
ac_fact_row_new (const char *label, const char *value)
{
  AcFactRow *self = g_object_new (AC_TYPE_FACT_ROW, NULL);

  gtk_label_set_text (self->label, label);
  gtk_label_set_text (self->value, value);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->value), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  label, -1);
  return GTK_WIDGET (self);
}

const char *
ac_fact_row_get_label (AcFactRow *self)
{
  g_return_val_if_fail (AC_IS_FACT_ROW (self), NULL);

  return gtk_label_get_text (self->label);
}

const char *
ac_fact_row_get_value (AcFactRow *self)
{
  g_return_val_if_fail (AC_IS_FACT_ROW (self), NULL);

  return gtk_label_get_text (self->value);
}

/**
 * ac_fact_row_append:
 * @value: (nullable): nothing is added when it is %NULL or empty
 *
 * Adds a row at the end of @box.
 */
void
ac_fact_row_append (GtkBox *box, const char *label, const char *value)
{
  if (value != NULL && *value != '\0')
    gtk_box_append (box, ac_fact_row_new (label, value));
}
