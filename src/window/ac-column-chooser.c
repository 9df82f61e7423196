/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "window/ac-action-cells.h"
#include "window/ac-column-chooser.h"
#include "window/ac-ui.h"

struct _AcColumnChooser
{
  GtkPopover parent_instance;

  GtkListBox *rows;
  GtkWidget *reset;

  AcActionTab *tab;       /* owned */
  AcColumnLayout *layout; /* as it is shown here */
};

G_DEFINE_FINAL_TYPE (AcColumnChooser, ac_column_chooser, GTK_TYPE_POPOVER)

static void fill (AcColumnChooser *self);

static AcSort
get_sort (gpointer widget)
{
  return (AcSort)GPOINTER_TO_INT (g_object_get_data (G_OBJECT (widget), "ac-sort"));
}

/* The last column stays: a list without columns shows nothing. */
static void
update_sensitive (AcColumnChooser *self)
{
  guint n_shown = ac_column_layout_get_n_shown (self->layout);
  g_autofree char *text = ac_column_layout_to_text (self->layout);

  for (guint i = 0; i < AC_N_SORTS; i++)
    {
      GtkListBoxRow *row = gtk_list_box_get_row_at_index (self->rows, (int)i);
      GtkWidget *check = g_object_get_data (G_OBJECT (row), "ac-check");

      gtk_widget_set_sensitive (check, n_shown > 1 || !self->layout->places[i].shown);
    }
  gtk_widget_set_sensitive (self->reset, *text != '\0');
}

static void
toggled_cb (GtkCheckButton *check, AcColumnChooser *self)
{
  guint place = ac_column_layout_find (self->layout, get_sort (check));

  self->layout->places[place].shown = gtk_check_button_get_active (check);
  ac_action_tab_set_layout (self->tab, self->layout);
  update_sensitive (self);
}

static void
move (AcColumnChooser *self, AcSort sort, int by)
{
  GtkListBoxRow *row;
  GtkWidget *button;

  if (!ac_column_layout_move (self->layout, sort, by))
    return;
  ac_action_tab_set_layout (self->tab, self->layout);
  fill (self);
  row = gtk_list_box_get_row_at_index (self->rows, (int)ac_column_layout_find (self->layout, sort));
  button = g_object_get_data (G_OBJECT (row), by < 0 ? "ac-up" : "ac-down");
  gtk_widget_grab_focus (
      gtk_widget_get_sensitive (button) ? button : g_object_get_data (G_OBJECT (row), "ac-check"));
}

static void
up_cb (GtkButton *button, AcColumnChooser *self)
{
  move (self, get_sort (button), -1);
}

static void
down_cb (GtkButton *button, AcColumnChooser *self)
{
  move (self, get_sort (button), 1);
}

static GtkWidget *
new_mover (AcColumnChooser *self, AcSort sort, gboolean up)
{
  GtkWidget *button = gtk_button_new_from_icon_name (up ? "pan-up-symbolic" : "pan-down-symbolic");
  g_autofree char *label =
      /* Translators: the name of a column */
      g_strdup_printf (up ? _ ("Move %s up") : _ ("Move %s down"), ac_action_cell_get_title (sort));

  g_object_set_data (G_OBJECT (button), "ac-sort", GINT_TO_POINTER (sort));
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_tooltip_text (button, label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label,
                                  -1);
  g_signal_connect (button, "clicked", G_CALLBACK (up ? up_cb : down_cb), self);
  return button;
}

static GtkWidget *
new_row (AcColumnChooser *self, guint index)
{
  const AcColumnPlace *place = &self->layout->places[index];
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 3);
  GtkWidget *check = gtk_check_button_new_with_label (ac_action_cell_get_title (place->sort));
  GtkWidget *up = new_mover (self, place->sort, TRUE);
  GtkWidget *down = new_mover (self, place->sort, FALSE);

  g_object_set_data (G_OBJECT (check), "ac-sort", GINT_TO_POINTER (place->sort));
  gtk_check_button_set_active (GTK_CHECK_BUTTON (check), place->shown);
  gtk_widget_set_hexpand (check, TRUE);
  g_signal_connect (check, "toggled", G_CALLBACK (toggled_cb), self);
  gtk_widget_set_sensitive (up, index > 0);
  gtk_widget_set_sensitive (down, index + 1 < AC_N_SORTS);
  gtk_box_append (GTK_BOX (box), check);
  gtk_box_append (GTK_BOX (box), up);
  gtk_box_append (GTK_BOX (box), down);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
  gtk_widget_set_focusable (row, FALSE);
  g_object_set_data (G_OBJECT (row), "ac-check", check);
  g_object_set_data (G_OBJECT (row), "ac-up", up);
  g_object_set_data (G_OBJECT (row), "ac-down", down);
  return row;
}

static void
fill (AcColumnChooser *self)
{
  GtkListBoxRow *row;

  while ((row = gtk_list_box_get_row_at_index (self->rows, 0)) != NULL)
    gtk_list_box_remove (self->rows, GTK_WIDGET (row));
  for (guint i = 0; i < AC_N_SORTS; i++)
    gtk_list_box_append (self->rows, new_row (self, i));
  update_sensitive (self);
}

static void
reset_cb (AcColumnChooser *self)
{
  ac_column_layout_free (self->layout);
  self->layout = ac_column_layout_new (ac_action_tab_get_tab (self->tab));
  ac_action_tab_set_layout (self->tab, self->layout);
  fill (self);
}

static void
ac_column_chooser_dispose (GObject *object)
{
  AcColumnChooser *self = AC_COLUMN_CHOOSER (object);

  g_clear_object (&self->tab);
  g_clear_pointer (&self->layout, ac_column_layout_free);
  G_OBJECT_CLASS (ac_column_chooser_parent_class)->dispose (object);
}

static void
ac_column_chooser_class_init (AcColumnChooserClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ac_column_chooser_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               AC_UI_RESOURCE_PATH "/ac-column-chooser.ui");
  gtk_widget_class_bind_template_child (widget_class, AcColumnChooser, rows);
  gtk_widget_class_bind_template_child (widget_class, AcColumnChooser, reset);
  gtk_widget_class_bind_template_callback (widget_class, reset_cb);
}

static void
ac_column_chooser_init (AcColumnChooser *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * ac_column_chooser_new:
 * @tab: whose columns
 *
 * Returns: (transfer floating): a popover, to be thrown away when it is closed.
 */
GtkWidget *
ac_column_chooser_new (AcActionTab *tab)
{
  AcColumnChooser *self = g_object_new (AC_TYPE_COLUMN_CHOOSER, NULL);

  self->tab = g_object_ref (tab);
  self->layout = ac_action_tab_dup_layout (tab);
  fill (self);
  return GTK_WIDGET (self);
}
