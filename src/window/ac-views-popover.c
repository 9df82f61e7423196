/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "window/ac-saved-view.h"
#include "window/ac-ui.h"
#include "window/ac-views-popover.h"

#define KEY "saved-views"

struct _AcViewsPopover
{
  GtkPopover parent_instance;

  GtkListBox *rows;
  GtkWidget *none;
  GtkEditable *name;
  GtkButton *save;

  AcActionTab *tab;    /* owned */
  GSettings *settings; /* owned */
  char *renamed;       /* the name of the view that gets another one; nullable */
};

G_DEFINE_FINAL_TYPE (AcViewsPopover, ac_views_popover, GTK_TYPE_POPOVER)

static void fill (AcViewsPopover *self);

/* of AcSavedView; those that are none are left out, and stay in the settings until one is saved. */
static GPtrArray *
read_views (AcViewsPopover *self)
{
  g_auto (GStrv) texts = g_settings_get_strv (self->settings, KEY);
  GPtrArray *views = g_ptr_array_new_with_free_func ((GDestroyNotify)ac_saved_view_free);

  for (guint i = 0; texts[i] != NULL; i++)
    {
      AcSavedView *view = ac_saved_view_new_from_text (texts[i]);

      if (view != NULL)
        g_ptr_array_add (views, view);
    }
  return views;
}

static void
write_views (AcViewsPopover *self, GPtrArray *views)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) texts = NULL;

  for (guint i = 0; i < views->len; i++)
    {
      g_autofree char *text = ac_saved_view_to_text (views->pdata[i]);

      g_strv_builder_add (builder, text);
    }
  texts = g_strv_builder_end (builder);
  g_settings_set_strv (self->settings, KEY, (const char *const *)texts);
}

static int
find_view (GPtrArray *views, const char *name)
{
  for (guint i = 0; i < views->len; i++)
    if (g_strcmp0 (((AcSavedView *)views->pdata[i])->name, name) == 0)
      return (int)i;
  return -1;
}

static const char *
get_name (gpointer widget)
{
  return g_object_get_data (G_OBJECT (widget), "ac-name");
}

static void
open_cb (GtkButton *button, AcViewsPopover *self)
{
  g_autoptr (GPtrArray) views = read_views (self);
  int index = find_view (views, get_name (button));

  if (index >= 0)
    {
      g_autofree char *text = ac_saved_view_to_text (views->pdata[index]);

      gtk_popover_popdown (GTK_POPOVER (self));
      gtk_widget_activate_action (GTK_WIDGET (self), "page.open-view", "s", text);
    }
}

static void
delete_cb (GtkButton *button, AcViewsPopover *self)
{
  g_autoptr (GPtrArray) views = read_views (self);
  int index = find_view (views, get_name (button));

  if (index < 0)
    return;
  gtk_widget_grab_focus (GTK_WIDGET (self->name));
  g_ptr_array_remove_index (views, (guint)index);
  write_views (self, views);
  fill (self);
}

static void
update_save (AcViewsPopover *self)
{
  g_autofree char *name = g_strstrip (g_strdup (gtk_editable_get_text (self->name)));

  gtk_button_set_label (self->save, self->renamed != NULL ? _ ("Rename") : _ ("Save"));
  gtk_widget_set_sensitive (GTK_WIDGET (self->save), *name != '\0');
}

static void
rename_cb (GtkButton *button, AcViewsPopover *self)
{
  g_free (self->renamed);
  self->renamed = g_strdup (get_name (button));
  gtk_editable_set_text (self->name, self->renamed);
  gtk_widget_grab_focus (GTK_WIDGET (self->name));
  update_save (self);
}

/* A view with that name is replaced: one name stands for one view. */
static void
save_cb (AcViewsPopover *self)
{
  g_autofree char *name = g_strstrip (g_strdup (gtk_editable_get_text (self->name)));
  g_autoptr (GPtrArray) views = read_views (self);
  int old = self->renamed != NULL ? find_view (views, self->renamed) : -1;
  int same = find_view (views, name);

  if (*name == '\0')
    return;
  if (old >= 0)
    {
      AcSavedView *view = views->pdata[old];

      g_free (view->name);
      view->name = g_strdup (name);
      if (same >= 0 && same != old)
        g_ptr_array_remove_index (views, (guint)same);
    }
  else
    {
      if (same >= 0)
        g_ptr_array_remove_index (views, (guint)same);
      g_ptr_array_add (views, ac_saved_view_new (name, self->tab));
    }
  write_views (self, views);
  g_clear_pointer (&self->renamed, g_free);
  gtk_editable_set_text (self->name, "");
  fill (self);
}

static GtkWidget *
new_button (AcViewsPopover *self,
            const char *name,
            const char *text,
            const char *label,
            GCallback callback)
{
  GtkWidget *button = text != NULL ? gtk_button_new_with_label (text)
                                   : gtk_button_new_from_icon_name ("ac-close-symbolic");

  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_tooltip_text (button, label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label,
                                  -1);
  g_object_set_data_full (G_OBJECT (button), "ac-name", g_strdup (name), g_free);
  g_signal_connect (button, "clicked", callback, self);
  return button;
}

static GtkWidget *
new_row (AcViewsPopover *self, const AcSavedView *view)
{
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 3);
  /* Translators: the name of a view */
  g_autofree char *open_label = g_strdup_printf (_ ("Open %s"), view->name);
  g_autofree char *rename_label = g_strdup_printf (_ ("Rename %s"), view->name);
  g_autofree char *delete_label = g_strdup_printf (_ ("Delete %s"), view->name);
  GtkWidget *open = new_button (self, view->name, view->name, open_label, G_CALLBACK (open_cb));

  gtk_widget_set_hexpand (open, TRUE);
  gtk_label_set_xalign (GTK_LABEL (gtk_button_get_child (GTK_BUTTON (open))), 0);
  gtk_label_set_ellipsize (GTK_LABEL (gtk_button_get_child (GTK_BUTTON (open))),
                           PANGO_ELLIPSIZE_END);
  gtk_box_append (GTK_BOX (box), open);
  gtk_box_append (GTK_BOX (box), new_button (self, view->name, _ ("Rename"), rename_label,
                                             G_CALLBACK (rename_cb)));
  gtk_box_append (GTK_BOX (box),
                  new_button (self, view->name, NULL, delete_label, G_CALLBACK (delete_cb)));
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
  gtk_widget_set_focusable (row, FALSE);
  return row;
}

static void
fill (AcViewsPopover *self)
{
  g_autoptr (GPtrArray) views = read_views (self);
  GtkListBoxRow *row;

  while ((row = gtk_list_box_get_row_at_index (self->rows, 0)) != NULL)
    gtk_list_box_remove (self->rows, GTK_WIDGET (row));
  for (guint i = 0; i < views->len; i++)
    gtk_list_box_append (self->rows, new_row (self, views->pdata[i]));
  gtk_widget_set_visible (self->none, views->len == 0);
  gtk_widget_set_visible (GTK_WIDGET (self->rows), views->len > 0);
  update_save (self);
}

static void
ac_views_popover_dispose (GObject *object)
{
  AcViewsPopover *self = AC_VIEWS_POPOVER (object);

  g_clear_object (&self->tab);
  g_clear_object (&self->settings);
  g_clear_pointer (&self->renamed, g_free);
  G_OBJECT_CLASS (ac_views_popover_parent_class)->dispose (object);
}

static void
ac_views_popover_class_init (AcViewsPopoverClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ac_views_popover_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               AC_UI_RESOURCE_PATH "/ac-views-popover.ui");
  gtk_widget_class_bind_template_child (widget_class, AcViewsPopover, rows);
  gtk_widget_class_bind_template_child (widget_class, AcViewsPopover, none);
  gtk_widget_class_bind_template_child (widget_class, AcViewsPopover, name);
  gtk_widget_class_bind_template_child (widget_class, AcViewsPopover, save);
  gtk_widget_class_bind_template_callback (widget_class, save_cb);
  gtk_widget_class_bind_template_callback (widget_class, update_save);
}

static void
ac_views_popover_init (AcViewsPopover *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * ac_views_popover_new:
 * @tab: what is looked at
 * @settings: where the views are kept
 *
 * Returns: (transfer floating): a popover, to be thrown away when it is closed.
 */
GtkWidget *
ac_views_popover_new (AcActionTab *tab, GSettings *settings)
{
  AcViewsPopover *self = g_object_new (AC_TYPE_VIEWS_POPOVER, NULL);

  self->tab = g_object_ref (tab);
  self->settings = g_object_ref (settings);
  fill (self);
  return GTK_WIDGET (self);
}
