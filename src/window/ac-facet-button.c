/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "window/ac-facet-button.h"
#include "window/ac-wording.h"

struct _AcFacetButton
{
  GtkWidget parent_instance;

  GtkMenuButton *button;
  GtkBox *box;

  char *title;
  AcFacetLabel label; /* nullable: values are shown as they are */
  GHashTable *chosen; /* set of values */
  char *shown;        /* nullable: what the checks were made for */
  gboolean filling;
};

G_DEFINE_FINAL_TYPE (AcFacetButton, ac_facet_button, GTK_TYPE_WIDGET)

enum
{
  CHOSEN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static const char *
get_label (AcFacetButton *self, const char *value)
{
  return self->label != NULL ? self->label (value) : value;
}

static void
update_title (AcFacetButton *self)
{
  guint n = g_hash_table_size (self->chosen);
  g_autofree char *text = NULL;
  GHashTableIter iter;
  gpointer value;

  if (n == 0)
    text = g_strdup (self->title);
  else if (n == 1)
    {
      g_hash_table_iter_init (&iter, self->chosen);
      g_hash_table_iter_next (&iter, &value, NULL);
      /* Translators: what is filtered by, and the value */
      text = g_strdup_printf (_ ("%1$s: %2$s"), self->title, get_label (self, value));
    }
  else
    /* Translators: what is filtered by, and how many values are chosen */
    text = g_strdup_printf (_ ("%1$s: %2$u"), self->title, n);
  gtk_menu_button_set_label (self->button, text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  text, -1);
}

static void
toggled_cb (AcFacetButton *self, GtkCheckButton *check)
{
  const char *value = g_object_get_data (G_OBJECT (check), "ac-value");

  if (self->filling)
    return;
  if (gtk_check_button_get_active (check))
    g_hash_table_add (self->chosen, g_strdup (value));
  else
    g_hash_table_remove (self->chosen, value);
  update_title (self);
  g_signal_emit (self, signals[CHOSEN], 0);
}

static void
add_check (AcFacetButton *self, const char *value, gint64 count)
{
  g_autofree char *number = ac_wording_number ((guint64)count);
  /* Translators: a value to filter by, and how many things have it */
  g_autofree char *text = g_strdup_printf (_ ("%1$s (%2$s)"), get_label (self, value), number);
  GtkWidget *check = gtk_check_button_new_with_label (text);

  g_object_set_data_full (G_OBJECT (check), "ac-value", g_strdup (value), g_free);
  gtk_check_button_set_active (GTK_CHECK_BUTTON (check),
                               g_hash_table_contains (self->chosen, value));
  g_signal_connect_object (check, "toggled", G_CALLBACK (toggled_cb), self, G_CONNECT_SWAPPED);
  gtk_box_append (self->box, check);
}

static void
ac_facet_button_dispose (GObject *object)
{
  AcFacetButton *self = AC_FACET_BUTTON (object);

  g_clear_pointer ((GtkWidget **)&self->button, gtk_widget_unparent);
  g_clear_pointer (&self->chosen, g_hash_table_unref);
  g_clear_pointer (&self->title, g_free);
  g_clear_pointer (&self->shown, g_free);
  G_OBJECT_CLASS (ac_facet_button_parent_class)->dispose (object);
}

static void
ac_facet_button_class_init (AcFacetButtonClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ac_facet_button_dispose;
  signals[CHOSEN] = g_signal_new ("chosen", AC_TYPE_FACET_BUTTON, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                  NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
ac_facet_button_init (AcFacetButton *self)
{
  GtkWidget *popover = gtk_popover_new ();
  GtkWidget *scrolled = gtk_scrolled_window_new ();

  self->chosen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->button = GTK_MENU_BUTTON (gtk_menu_button_new ());
  self->box = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 3));
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), GTK_WIDGET (self->box));
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (scrolled), TRUE);
  gtk_scrolled_window_set_propagate_natural_width (GTK_SCROLLED_WINDOW (scrolled), TRUE);
  gtk_scrolled_window_set_max_content_height (GTK_SCROLLED_WINDOW (scrolled), 360);
  gtk_popover_set_child (GTK_POPOVER (popover), scrolled);
  gtk_menu_button_set_popover (self->button, popover);
  gtk_widget_set_parent (GTK_WIDGET (self->button), GTK_WIDGET (self));
}

/**
 * ac_facet_button_new:
 * @title: translated: what is filtered by
 * @label: (nullable): how values are called
 *
 * Returns: (transfer floating): a button without values.
 */
GtkWidget *
ac_facet_button_new (const char *title, AcFacetLabel label)
{
  AcFacetButton *self = g_object_new (AC_TYPE_FACET_BUTTON, NULL);

  self->title = g_strdup (title);
  self->label = label;
  update_title (self);
  gtk_widget_set_sensitive (GTK_WIDGET (self->button), FALSE);
  return GTK_WIDGET (self);
}

/**
 * ac_facet_button_set_counts:
 * @counts: (nullable): value → how many things have it
 *
 * Offers these; what is chosen stays chosen, also when nothing has it any more.
 */
void
ac_facet_button_set_counts (AcFacetButton *self, JsonObject *counts)
{
  g_autoptr (GList) values = counts != NULL ? json_object_get_members (counts) : NULL;
  g_autoptr (GString) shown = g_string_new (NULL);
  g_autoptr (JsonObject) all = json_object_new ();
  GHashTableIter iter;
  GtkWidget *child;
  gpointer value;

  g_return_if_fail (AC_IS_FACET_BUTTON (self));

  g_hash_table_iter_init (&iter, self->chosen);
  while (g_hash_table_iter_next (&iter, &value, NULL))
    json_object_set_int_member (all, value, 0);
  for (GList *one = values; one != NULL; one = one->next)
    json_object_set_int_member (all, one->data, ac_json_get_integer (counts, one->data, 0));
  g_list_free (g_steal_pointer (&values));
  values = g_list_sort (json_object_get_members (all), (GCompareFunc)g_strcmp0);
  for (GList *one = values; one != NULL; one = one->next)
    g_string_append_printf (shown, "%s %" G_GINT64_FORMAT "\n", (const char *)one->data,
                            ac_json_get_integer (all, one->data, 0));
  /* An open list must not change under the pointer for nothing. */
  if (g_strcmp0 (shown->str, self->shown) == 0)
    return;
  g_free (self->shown);
  self->shown = g_strdup (shown->str);
  self->filling = TRUE;
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->box))) != NULL)
    gtk_box_remove (self->box, child);
  for (GList *one = values; one != NULL; one = one->next)
    add_check (self, one->data, ac_json_get_integer (all, one->data, 0));
  self->filling = FALSE;
  gtk_widget_set_sensitive (GTK_WIDGET (self->button), values != NULL);
}

/**
 * ac_facet_button_get_chosen:
 *
 * Returns: (transfer full): the values; may be empty.
 */
GStrv
ac_facet_button_get_chosen (AcFacetButton *self)
{
  g_autofree gpointer *keys = NULL;

  g_return_val_if_fail (AC_IS_FACET_BUTTON (self), NULL);

  keys = g_hash_table_get_keys_as_array (self->chosen, NULL);
  return g_strdupv ((GStrv)keys);
}

/**
 * ac_facet_button_clear:
 *
 * Chooses nothing; emits no signal.
 */
void
ac_facet_button_clear (AcFacetButton *self)
{
  g_return_if_fail (AC_IS_FACET_BUTTON (self));

  g_hash_table_remove_all (self->chosen);
  self->filling = TRUE;
  for (GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (self->box)); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    gtk_check_button_set_active (GTK_CHECK_BUTTON (child), FALSE);
  self->filling = FALSE;
  update_title (self);
}
