/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "window/ac-compat.h"
#include "window/ac-fact-row.h"
#include "window/ac-row-layout.h"
#include "window/ac-ui.h"
#include "window/ac-wording.h"

/* A value may have thousands of lines, such as the messages of a cluster. A label takes its time
 * for so many, so it gets the first ones, and then more each time that the person wants to see
 * more. */
#define LINES_AT_FIRST 100
#define LINES_MORE 1000

struct _AcFactRow
{
  GtkWidget parent_instance;

  GtkGrid *grid;
  GtkBox *texts;
  GtkLabel *label;
  GtkLabel *value;
  GtkWidget *copy;
  GtkWidget *more;      /* %NULL where there are not so many lines */
  GtkLabel *more_label; /* of more */

  char *text; /* all of the value */
  guint n_lines;
  guint n_shown;
};

G_DEFINE_FINAL_TYPE (AcFactRow, ac_fact_row, GTK_TYPE_WIDGET)

/* Where in @text the line after the first @n begins; its end when there are no more. */
static gsize
find_line (const char *text, guint n)
{
  const char *end = text;

  for (guint i = 0; i < n && end != NULL; i++)
    {
      end = strchr (end, '\n');
      if (end != NULL)
        end++;
    }
  return end != NULL ? (gsize)(end - text) : strlen (text);
}

static guint
count_lines (const char *text)
{
  guint n = 1;

  for (; (text = strchr (text, '\n')) != NULL; text++)
    n++;
  return n;
}

/* Almost no row has so many lines, and many rows are made while somebody waits for them. */
static void
ensure_more (AcFactRow *self)
{
  if (self->more != NULL)
    return;
  self->more_label = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_wrap (self->more_label, TRUE);
  gtk_label_set_justify (self->more_label, GTK_JUSTIFY_CENTER);
  self->more = gtk_button_new ();
  gtk_button_set_child (GTK_BUTTON (self->more), GTK_WIDGET (self->more_label));
  gtk_accessible_update_relation (GTK_ACCESSIBLE (self->more), GTK_ACCESSIBLE_RELATION_LABELLED_BY,
                                  self->more_label, NULL, -1);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->more), "fact.more");
  gtk_widget_set_margin_top (self->more, 3);
  gtk_box_append (self->texts, self->more);
}

static void
show_lines (AcFactRow *self, guint n)
{
  g_autofree char *first = NULL;
  g_autofree char *more = NULL;

  self->n_shown = MIN (n, self->n_lines);
  if (self->n_shown == self->n_lines)
    {
      gtk_label_set_text (self->value, self->text);
      return;
    }
  first = g_strndup (self->text, find_line (self->text, n) - 1);
  gtk_label_set_text (self->value, first);
  ensure_more (self);
  more = ac_wording_show_more (self->n_shown, self->n_lines);
  gtk_label_set_text (self->more_label, more);
}

/* A button that is gone must not have the keyboard. */
static void
more_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  AcFactRow *self = AC_FACT_ROW (widget);

  show_lines (self, self->n_shown + LINES_MORE);
  if (self->n_shown == self->n_lines)
    gtk_widget_grab_focus (self->copy);
  gtk_widget_set_visible (self->more, self->n_shown < self->n_lines);
}

static void
copy_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  AcFactRow *self = AC_FACT_ROW (widget);
  g_autofree char *text = NULL;

  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), self->text);
  /* Translators: the name of a field whose value is on the clipboard now */
  text = g_strdup_printf (_ ("%s copied"), gtk_label_get_text (self->label));
  ac_compat_announce (widget, text);
}

static char *
copy_text (AcFactRow *self)
{
  /* Translators: a button; %s is the name of a field */
  return g_strdup_printf (_ ("Copy: %s"), gtk_label_get_text (self->label));
}

/* To give a widget a text for its tooltip is to ask the screen at once where the pointer is. */
static gboolean
tooltip_cb (AcFactRow *self, int x, int y, gboolean keyboard, GtkTooltip *tooltip)
{
  g_autofree char *text = copy_text (self);

  gtk_tooltip_set_text (tooltip, text);
  return TRUE;
}

static void
ac_fact_row_dispose (GObject *object)
{
  AcFactRow *self = AC_FACT_ROW (object);

  g_clear_pointer ((GtkWidget **)&self->grid, gtk_widget_unparent);
  G_OBJECT_CLASS (ac_fact_row_parent_class)->dispose (object);
}

static void
ac_fact_row_finalize (GObject *object)
{
  g_free (AC_FACT_ROW (object)->text);
  G_OBJECT_CLASS (ac_fact_row_parent_class)->finalize (object);
}

static void
ac_fact_row_class_init (AcFactRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ac_fact_row_dispose;
  G_OBJECT_CLASS (klass)->finalize = ac_fact_row_finalize;
  gtk_widget_class_set_template_from_resource (widget_class, AC_UI_RESOURCE_PATH "/ac-fact-row.ui");
  gtk_widget_class_bind_template_child (widget_class, AcFactRow, grid);
  gtk_widget_class_bind_template_child (widget_class, AcFactRow, texts);
  gtk_widget_class_bind_template_child (widget_class, AcFactRow, label);
  gtk_widget_class_bind_template_child (widget_class, AcFactRow, value);
  gtk_widget_class_bind_template_child (widget_class, AcFactRow, copy);
  gtk_widget_class_bind_template_callback (widget_class, tooltip_cb);
  gtk_widget_class_install_action (widget_class, "fact.copy", NULL, copy_action);
  gtk_widget_class_install_action (widget_class, "fact.more", NULL, more_action);
  gtk_widget_class_set_layout_manager_type (widget_class, AC_TYPE_ROW_LAYOUT);
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
 * @value: text of any kind, shown as it is; of very many lines the first are shown until the person
 * wants to see more
 *
 * Returns: (transfer floating):
 */
GtkWidget *
ac_fact_row_new (const char *label, const char *value)
{
  AcFactRow *self = g_object_new (AC_TYPE_FACT_ROW, NULL);
  g_autofree char *copy = NULL;

  gtk_label_set_text (self->label, label);
  copy = copy_text (self);
  self->text = g_strdup (value);
  self->n_lines = count_lines (value);
  show_lines (self, LINES_AT_FIRST);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->value), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  label, -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->copy), GTK_ACCESSIBLE_PROPERTY_LABEL, copy,
                                  -1);
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

  return self->text;
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
