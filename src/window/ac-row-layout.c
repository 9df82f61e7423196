/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "window/ac-row-layout.h"

struct _AcRowLayout
{
  GtkLayoutManager parent_instance;
};

G_DEFINE_FINAL_TYPE (AcRowLayout, ac_row_layout, GTK_TYPE_LAYOUT_MANAGER)

static GtkSizeRequestMode
ac_row_layout_get_request_mode (GtkLayoutManager *manager, GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
ac_row_layout_measure (GtkLayoutManager *manager,
                       GtkWidget *widget,
                       GtkOrientation orientation,
                       int for_size,
                       int *minimum,
                       int *natural,
                       int *minimum_baseline,
                       int *natural_baseline)
{
  GtkWidget *child = gtk_widget_get_first_child (widget);

  /* To a grid a height says nothing; but it may be less than what the grid itself would ask for. */
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    for_size = -1;
  else if (for_size < 0)
    gtk_widget_measure (child, GTK_ORIENTATION_HORIZONTAL, -1, NULL, &for_size, NULL, NULL);
  gtk_widget_measure (child, orientation, for_size, minimum, natural, minimum_baseline,
                      natural_baseline);
}

static void
ac_row_layout_allocate (GtkLayoutManager *manager,
                        GtkWidget *widget,
                        int width,
                        int height,
                        int baseline)
{
  gtk_widget_allocate (gtk_widget_get_first_child (widget), width, height, baseline, NULL);
}

static void
ac_row_layout_class_init (AcRowLayoutClass *klass)
{
  GtkLayoutManagerClass *manager_class = GTK_LAYOUT_MANAGER_CLASS (klass);

  manager_class->get_request_mode = ac_row_layout_get_request_mode;
  manager_class->measure = ac_row_layout_measure;
  manager_class->allocate = ac_row_layout_allocate;
}

static void
ac_row_layout_init (AcRowLayout *self)
{
}
