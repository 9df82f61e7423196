/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "window/ac-adaptive-bin.h"

struct _AcAdaptiveBin
{
  GtkWidget parent_instance;

  GtkWidget *child;
  int narrow_below;

  gboolean narrow;
  int available_width; /* at normal text size */
  int allocated_width; /* the latest, in pixels */
  guint update_source;
};

static void ac_adaptive_bin_buildable_init (GtkBuildableIface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (AcAdaptiveBin,
                               ac_adaptive_bin,
                               GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (GTK_TYPE_BUILDABLE,
                                                      ac_adaptive_bin_buildable_init))

enum
{
  PROP_0,
  PROP_CHILD,
  PROP_NARROW_BELOW,
  PROP_NARROW,
  PROP_AVAILABLE_WIDTH,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];
static GtkBuildableIface *parent_buildable_iface;

static void
ac_adaptive_bin_add_child (GtkBuildable *buildable,
                           GtkBuilder *builder,
                           GObject *child,
                           const char *type)
{
  if (GTK_IS_WIDGET (child))
    ac_adaptive_bin_set_child (AC_ADAPTIVE_BIN (buildable), GTK_WIDGET (child));
  else
    parent_buildable_iface->add_child (buildable, builder, child, type);
}

static void
ac_adaptive_bin_buildable_init (GtkBuildableIface *iface)
{
  parent_buildable_iface = g_type_interface_peek_parent (iface);
  iface->add_child = ac_adaptive_bin_add_child;
}

/* How much larger than normal the person's text is. */
static double
text_scale (GtkWidget *widget)
{
  int dpi = -1; /* 1/1024 of dots per inch */

  g_object_get (gtk_widget_get_settings (widget), "gtk-xft-dpi", &dpi, NULL);
  return dpi > 0 ? MAX (dpi / 1024.0 / 96.0, 0.5) : 1.0;
}

static gboolean
update_cb (gpointer user_data)
{
  AcAdaptiveBin *self = user_data;
  int available = (int)(self->allocated_width / text_scale (GTK_WIDGET (self)));
  gboolean narrow = available < self->narrow_below;

  self->update_source = 0;
  g_object_freeze_notify (G_OBJECT (self));
  if (self->available_width != available)
    {
      self->available_width = available;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_AVAILABLE_WIDTH]);
    }
  if (self->narrow != narrow)
    {
      self->narrow = narrow;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_NARROW]);
    }
  g_object_thaw_notify (G_OBJECT (self));
  return G_SOURCE_REMOVE;
}

/* Widgets must not be shown or hidden while sizes are being given out, so it waits until that is
 * over, but not for anything else. */
static void
queue_update (AcAdaptiveBin *self)
{
  if (self->update_source == 0)
    self->update_source = g_idle_add_full (G_PRIORITY_HIGH_IDLE, update_cb, self, NULL);
}

static void
ac_adaptive_bin_measure (GtkWidget *widget,
                         GtkOrientation orientation,
                         int for_size,
                         int *minimum,
                         int *natural,
                         int *minimum_baseline,
                         int *natural_baseline)
{
  AcAdaptiveBin *self = AC_ADAPTIVE_BIN (widget);

  *minimum = *natural = 0;
  if (self->child == NULL || !gtk_widget_should_layout (self->child))
    return;
  if (orientation == GTK_ORIENTATION_VERTICAL && for_size >= 0)
    {
      int child_minimum;

      gtk_widget_measure (self->child, GTK_ORIENTATION_HORIZONTAL, -1, &child_minimum, NULL, NULL,
                          NULL);
      for_size = MAX (for_size, child_minimum);
    }
  gtk_widget_measure (self->child, orientation, for_size, minimum, natural, NULL, NULL);
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    *minimum = 0;
}

static void
ac_adaptive_bin_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  AcAdaptiveBin *self = AC_ADAPTIVE_BIN (widget);
  int minimum;
  GskTransform *transform = NULL;

  if (self->allocated_width != width)
    {
      self->allocated_width = width;
      queue_update (self);
    }
  if (self->child == NULL || !gtk_widget_should_layout (self->child))
    return;
  gtk_widget_measure (self->child, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL, NULL, NULL);
  if (minimum > width && gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL)
    transform =
        gsk_transform_translate (NULL, &GRAPHENE_POINT_INIT ((float)(width - minimum), 0.0F));
  gtk_widget_allocate (self->child, MAX (width, minimum), height, baseline, transform);
}

static void
text_size_cb (AcAdaptiveBin *self)
{
  queue_update (self);
}

static void
ac_adaptive_bin_dispose (GObject *object)
{
  AcAdaptiveBin *self = AC_ADAPTIVE_BIN (object);

  g_clear_handle_id (&self->update_source, g_source_remove);
  g_clear_pointer (&self->child, gtk_widget_unparent);
  G_OBJECT_CLASS (ac_adaptive_bin_parent_class)->dispose (object);
}

static void
ac_adaptive_bin_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  AcAdaptiveBin *self = AC_ADAPTIVE_BIN (object);

  switch (prop_id)
    {
    case PROP_CHILD:
      g_value_set_object (value, self->child);
      break;
    case PROP_NARROW_BELOW:
      g_value_set_int (value, self->narrow_below);
      break;
    case PROP_NARROW:
      g_value_set_boolean (value, self->narrow);
      break;
    case PROP_AVAILABLE_WIDTH:
      g_value_set_int (value, self->available_width);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
ac_adaptive_bin_set_property (GObject *object,
                              guint prop_id,
                              const GValue *value,
                              GParamSpec *pspec)
{
  AcAdaptiveBin *self = AC_ADAPTIVE_BIN (object);

  switch (prop_id)
    {
    case PROP_CHILD:
      ac_adaptive_bin_set_child (self, g_value_get_object (value));
      break;
    case PROP_NARROW_BELOW:
      self->narrow_below = g_value_get_int (value);
      if (self->allocated_width > 0)
        queue_update (self);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
ac_adaptive_bin_class_init (AcAdaptiveBinClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = ac_adaptive_bin_dispose;
  object_class->get_property = ac_adaptive_bin_get_property;
  object_class->set_property = ac_adaptive_bin_set_property;
  widget_class->measure = ac_adaptive_bin_measure;
  widget_class->size_allocate = ac_adaptive_bin_size_allocate;

  properties[PROP_CHILD] = g_param_spec_object ("child", NULL, NULL, GTK_TYPE_WIDGET,
                                                G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  properties[PROP_NARROW_BELOW] = g_param_spec_int ("narrow-below", NULL, NULL, 0, G_MAXINT, 0,
                                                    G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  properties[PROP_NARROW] =
      g_param_spec_boolean ("narrow", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_AVAILABLE_WIDTH] = g_param_spec_int (
      "available-width", NULL, NULL, 0, G_MAXINT, 0, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_css_name (widget_class, "adaptivebin");
}

static void
ac_adaptive_bin_init (AcAdaptiveBin *self)
{
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
  g_signal_connect_object (gtk_widget_get_settings (GTK_WIDGET (self)), "notify::gtk-xft-dpi",
                           G_CALLBACK (text_size_cb), self, G_CONNECT_SWAPPED);
}

gboolean
ac_adaptive_bin_get_narrow (AcAdaptiveBin *self)
{
  g_return_val_if_fail (AC_IS_ADAPTIVE_BIN (self), FALSE);

  return self->narrow;
}

/**
 * ac_adaptive_bin_get_available_width:
 *
 * Returns: the width in pixels at normal text size; 0 before it is known.
 */
int
ac_adaptive_bin_get_available_width (AcAdaptiveBin *self)
{
  g_return_val_if_fail (AC_IS_ADAPTIVE_BIN (self), 0);

  return self->available_width;
}

/**
 * ac_adaptive_bin_set_child:
 * @child: (nullable):
 */
void
ac_adaptive_bin_set_child (AcAdaptiveBin *self, GtkWidget *child)
{
  g_return_if_fail (AC_IS_ADAPTIVE_BIN (self));
  g_return_if_fail (child == NULL || GTK_IS_WIDGET (child));

  if (self->child == child)
    return;
  g_clear_pointer (&self->child, gtk_widget_unparent);
  if (child != NULL)
    {
      self->child = child;
      gtk_widget_set_parent (child, GTK_WIDGET (self));
    }
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CHILD]);
}
