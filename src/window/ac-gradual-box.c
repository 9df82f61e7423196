/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "window/ac-gradual-box.h"
#include "window/ac-wording.h"

struct _AcGradualBox
{
  GtkWidget parent_instance;

  GtkWidget *more; /* the last child */
  GtkWidget *label;

  guint n;
  guint n_shown;
  guint at_once;
  AcGradualFunc func;
  gpointer data;
  GDestroyNotify free_data; /* nullable */
};

G_DEFINE_FINAL_TYPE (AcGradualBox, ac_gradual_box, GTK_TYPE_WIDGET)

/* Returns: the first of those that were added; NULL: there are no more. */
static GtkWidget *
add_more (AcGradualBox *self)
{
  guint end = self->n_shown + MIN (self->at_once, self->n - self->n_shown);
  g_autofree char *text = NULL;
  GtkWidget *first = NULL;

  for (; self->n_shown < end; self->n_shown++)
    {
      GtkWidget *row = self->func (self->n_shown, self->data);

      gtk_widget_insert_before (row, GTK_WIDGET (self), self->more);
      if (first == NULL)
        first = row;
    }
  text = ac_wording_show_more (self->n_shown, self->n);
  gtk_label_set_text (GTK_LABEL (self->label), text);
  return first;
}

/* The keyboard goes on where there is something new to read. */
static void
more_cb (AcGradualBox *self)
{
  GtkWidget *first = add_more (self);

  if (first != NULL)
    gtk_widget_child_focus (first, GTK_DIR_TAB_FORWARD);
  gtk_widget_set_visible (self->more, self->n_shown < self->n);
}

static void
ac_gradual_box_dispose (GObject *object)
{
  AcGradualBox *self = AC_GRADUAL_BOX (object);
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  self->more = self->label = NULL;
  if (self->free_data != NULL)
    self->free_data (g_steal_pointer (&self->data));
  self->free_data = NULL;
  G_OBJECT_CLASS (ac_gradual_box_parent_class)->dispose (object);
}

static void
ac_gradual_box_class_init (AcGradualBoxClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = ac_gradual_box_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BOX_LAYOUT);
}

static void
ac_gradual_box_init (AcGradualBox *self)
{
  GtkLayoutManager *layout = gtk_widget_get_layout_manager (GTK_WIDGET (self));

  gtk_orientable_set_orientation (GTK_ORIENTABLE (layout), GTK_ORIENTATION_VERTICAL);
  self->label = gtk_label_new (NULL);
  gtk_label_set_wrap (GTK_LABEL (self->label), TRUE);
  gtk_label_set_justify (GTK_LABEL (self->label), GTK_JUSTIFY_CENTER);
  self->more = gtk_button_new ();
  gtk_button_set_child (GTK_BUTTON (self->more), self->label);
  gtk_accessible_update_relation (GTK_ACCESSIBLE (self->more), GTK_ACCESSIBLE_RELATION_LABELLED_BY,
                                  self->label, NULL, -1);
  g_signal_connect_object (self->more, "clicked", G_CALLBACK (more_cb), self, G_CONNECT_SWAPPED);
  gtk_widget_set_parent (self->more, GTK_WIDGET (self));
}

/**
 * ac_gradual_box_new:
 * @n: how many things there are
 * @at_once: so many are made in the beginning, and each time that more are wanted
 * @spacing: between two, in pixels
 * @func: makes the widget of one
 * @data: (transfer full): for @func
 * @free_data: (nullable): frees @data
 *
 * Returns: (transfer floating):
 */
GtkWidget *
ac_gradual_box_new (guint n,
                    guint at_once,
                    guint spacing,
                    AcGradualFunc func,
                    gpointer data,
                    GDestroyNotify free_data)
{
  AcGradualBox *self = g_object_new (AC_TYPE_GRADUAL_BOX, NULL);
  GtkLayoutManager *layout = gtk_widget_get_layout_manager (GTK_WIDGET (self));

  g_return_val_if_fail (func != NULL && at_once > 0, GTK_WIDGET (self));

  gtk_box_layout_set_spacing (GTK_BOX_LAYOUT (layout), spacing);
  self->n = n;
  self->at_once = at_once;
  self->func = func;
  self->data = data;
  self->free_data = free_data;
  add_more (self);
  gtk_widget_set_visible (self->more, self->n_shown < self->n);
  return GTK_WIDGET (self);
}
