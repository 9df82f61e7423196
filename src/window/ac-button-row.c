/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "window/ac-button-row.h"

/* Between two buttons, in pixels. */
#define SPACING 9

struct _AcButtonRow
{
  GtkWidget parent_instance;
};

static void ac_button_row_buildable_init (GtkBuildableIface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (AcButtonRow,
                               ac_button_row,
                               GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (GTK_TYPE_BUILDABLE,
                                                      ac_button_row_buildable_init))

static GtkBuildableIface *parent_buildable_iface;

static void
ac_button_row_add_child (GtkBuildable *buildable,
                         GtkBuilder *builder,
                         GObject *child,
                         const char *type)
{
  if (GTK_IS_WIDGET (child))
    gtk_widget_set_parent (GTK_WIDGET (child), GTK_WIDGET (buildable));
  else
    parent_buildable_iface->add_child (buildable, builder, child, type);
}

static void
ac_button_row_buildable_init (GtkBuildableIface *iface)
{
  parent_buildable_iface = g_type_interface_peek_parent (iface);
  iface->add_child = ac_button_row_add_child;
}

/* Those that are shown. */
static GtkWidget *
next_shown (GtkWidget *child)
{
  while (child != NULL && !gtk_widget_should_layout (child))
    child = gtk_widget_get_next_sibling (child);
  return child;
}

#define FOR_EACH_SHOWN(child, self)                                                                \
  for (GtkWidget *child = next_shown (gtk_widget_get_first_child (GTK_WIDGET (self)));             \
       child != NULL; child = next_shown (gtk_widget_get_next_sibling (child)))

/* How wide they all are side by side; @least: (out) (optional): the widest of them, as narrow as it
 * gets */
static int
measure_widths (AcButtonRow *self, int *least)
{
  int all = 0;
  int widest = 0;

  FOR_EACH_SHOWN (child, self)
  {
    int minimum, natural;

    gtk_widget_measure (child, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, &natural, NULL, NULL);
    all += natural + (all > 0 ? SPACING : 0);
    widest = MAX (widest, minimum);
  }
  if (least != NULL)
    *least = widest;
  return all;
}

static void
ac_button_row_measure (GtkWidget *widget,
                       GtkOrientation orientation,
                       int for_size,
                       int *minimum,
                       int *natural,
                       int *minimum_baseline,
                       int *natural_baseline)
{
  AcButtonRow *self = AC_BUTTON_ROW (widget);
  gboolean side_by_side;

  *minimum = *natural = 0;
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      *natural = measure_widths (self, minimum);
      return;
    }
  side_by_side = for_size < 0 || measure_widths (self, NULL) <= for_size;
  FOR_EACH_SHOWN (child, self)
  {
    int height;

    gtk_widget_measure (child, GTK_ORIENTATION_VERTICAL, side_by_side ? -1 : for_size, &height,
                        NULL, NULL, NULL);
    if (side_by_side)
      *minimum = MAX (*minimum, height);
    else
      *minimum += height + (*minimum > 0 ? SPACING : 0);
  }
  *natural = *minimum;
}

static void
ac_button_row_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  AcButtonRow *self = AC_BUTTON_ROW (widget);
  gboolean right_to_left = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  int all = measure_widths (self, NULL);
  gboolean side_by_side = all <= width;
  int start = width - all;
  int y = 0;

  FOR_EACH_SHOWN (child, self)
  {
    GtkAllocation place = { .x = 0, .y = y, .width = width, .height = height };

    if (side_by_side)
      {
        gtk_widget_measure (child, GTK_ORIENTATION_HORIZONTAL, -1, NULL, &place.width, NULL, NULL);
        place.x = right_to_left ? width - start - place.width : start;
        start += place.width + SPACING;
      }
    else
      {
        gtk_widget_measure (child, GTK_ORIENTATION_VERTICAL, width, &place.height, NULL, NULL,
                            NULL);
        y += place.height + SPACING;
      }
    gtk_widget_size_allocate (child, &place, -1);
  }
}

static GtkSizeRequestMode
ac_button_row_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
ac_button_row_dispose (GObject *object)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (object))) != NULL)
    gtk_widget_unparent (child);
  G_OBJECT_CLASS (ac_button_row_parent_class)->dispose (object);
}

static void
ac_button_row_class_init (AcButtonRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ac_button_row_dispose;
  widget_class->measure = ac_button_row_measure;
  widget_class->size_allocate = ac_button_row_size_allocate;
  widget_class->get_request_mode = ac_button_row_get_request_mode;
}

static void
ac_button_row_init (AcButtonRow *self)
{
}
