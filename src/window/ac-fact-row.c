/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "window/ac-compat.h"
#include "window/ac-fact-row.h"
#include "window/ac-ui.h"

struct _AcFactRow
{
  GtkWidget parent_instance;

  GtkBox *box;
  GtkLabel *label;
  GtkLabel *value;
  GtkWidget *copy;
};

G_DEFINE_FINAL_TYPE (AcFactRow, ac_fact_row, GTK_TYPE_WIDGET)

static void
copy_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  AcFactRow *self = AC_FACT_ROW (widget);
  g_autofree char *text = NULL;

  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), gtk_label_get_text (self->value));
  /* Translators: the name of a field whose value is on the clipboard now */
  text = g_strdup_printf (_ ("%s copied"), gtk_label_get_text (self->label));
  ac_compat_announce (widget, text);
}

static void
ac_fact_row_dispose (GObject *object)
{
  AcFactRow *self = AC_FACT_ROW (object);

  g_clear_pointer ((GtkWidget **)&self->box, gtk_widget_unparent);
  G_OBJECT_CLASS (ac_fact_row_parent_class)->dispose (object);
}

static void
ac_fact_row_class_init (AcFactRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ac_fact_row_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, AC_UI_RESOURCE_PATH "/ac-fact-row.ui");
  gtk_widget_class_bind_template_child (widget_class, AcFactRow, box);
  gtk_widget_class_bind_template_child (widget_class, AcFactRow, label);
  gtk_widget_class_bind_template_child (widget_class, AcFactRow, value);
  gtk_widget_class_bind_template_child (widget_class, AcFactRow, copy);
  gtk_widget_class_install_action (widget_class, "fact.copy", NULL, copy_action);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "factrow");
}

static void
ac_fact_row_init (AcFactRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
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
  /* Translators: a button; %s is the name of a field */
  g_autofree char *copy = g_strdup_printf (_ ("Copy: %s"), label);

  gtk_label_set_text (self->label, label);
  gtk_label_set_text (self->value, value);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->value), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  label, -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->copy), GTK_ACCESSIBLE_PROPERTY_LABEL, copy,
                                  -1);
  gtk_widget_set_tooltip_text (self->copy, copy);
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
