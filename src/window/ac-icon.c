/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "window/ac-compat.h"
#include "window/ac-icon.h"

/* Pixels, as a GtkImage of normal size. */
#define SIZE 16

struct _AcIcon
{
  GtkWidget parent_instance;

  const char *name;            /* static; nullable */
  GtkIconPaintable *paintable; /* nullable: not looked up yet */
};

G_DEFINE_FINAL_TYPE (AcIcon, ac_icon, GTK_TYPE_WIDGET)

/* It may look otherwise now. */
static void
look_again (AcIcon *self)
{
  g_clear_object (&self->paintable);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
ac_icon_measure (GtkWidget *widget,
                 GtkOrientation orientation,
                 int for_size,
                 int *minimum,
                 int *natural,
                 int *minimum_baseline,
                 int *natural_baseline)
{
  *minimum = *natural = SIZE;
}

static void
ac_icon_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  AcIcon *self = AC_ICON (widget);
  /* Whole pixels, or it is blurred. */
  int x = (gtk_widget_get_width (widget) - SIZE) / 2;
  int y = (gtk_widget_get_height (widget) - SIZE) / 2;
  GdkRGBA colors[4];

  if (self->name == NULL)
    return;
  if (self->paintable == NULL)
    self->paintable = gtk_icon_theme_lookup_icon (
        gtk_icon_theme_get_for_display (gtk_widget_get_display (widget)), self->name, NULL, SIZE,
        gtk_widget_get_scale_factor (widget), gtk_widget_get_direction (widget),
        GTK_ICON_LOOKUP_FORCE_SYMBOLIC);
  /* The text's, and those of what an icon marks as an error, a warning or a success. */
  ac_compat_get_color (widget, &colors[0]);
  colors[1] = colors[2] = colors[3] = colors[0];
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT ((float)x, (float)y));
  gtk_symbolic_paintable_snapshot_symbolic (GTK_SYMBOLIC_PAINTABLE (self->paintable), snapshot,
                                            SIZE, SIZE, colors, G_N_ELEMENTS (colors));
  gtk_snapshot_restore (snapshot);
}

static void
ac_icon_direction_changed (GtkWidget *widget, GtkTextDirection previous)
{
  GTK_WIDGET_CLASS (ac_icon_parent_class)->direction_changed (widget, previous);
  look_again (AC_ICON (widget));
}

static void
ac_icon_system_setting_changed (GtkWidget *widget, GtkSystemSetting setting)
{
  GTK_WIDGET_CLASS (ac_icon_parent_class)->system_setting_changed (widget, setting);
  if (setting == GTK_SYSTEM_SETTING_ICON_THEME)
    look_again (AC_ICON (widget));
}

static void
ac_icon_dispose (GObject *object)
{
  g_clear_object (&AC_ICON (object)->paintable);
  G_OBJECT_CLASS (ac_icon_parent_class)->dispose (object);
}

static void
ac_icon_class_init (AcIconClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ac_icon_dispose;
  widget_class->measure = ac_icon_measure;
  widget_class->snapshot = ac_icon_snapshot;
  widget_class->direction_changed = ac_icon_direction_changed;
  widget_class->system_setting_changed = ac_icon_system_setting_changed;
  gtk_widget_class_set_css_name (widget_class, "image");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
ac_icon_init (AcIcon *self)
{
  g_signal_connect (self, "notify::scale-factor", G_CALLBACK (look_again), NULL);
}

/**
 * ac_icon_new:
 *
 * Returns: (transfer floating): one that shows nothing yet.
 */
GtkWidget *
ac_icon_new (void)
{
  return g_object_new (AC_TYPE_ICON, NULL);
}

/**
 * ac_icon_set_name:
 * @name: (nullable): of a symbolic icon of the theme, a static string; %NULL: nothing is shown
 */
void
ac_icon_set_name (AcIcon *self, const char *name)
{
  g_return_if_fail (AC_IS_ICON (self));

  if (g_strcmp0 (self->name, name) == 0)
    return;
  self->name = name;
  look_again (self);
}
