/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "model/ac-time.h"
#include "window/ac-compat.h"
#include "window/ac-investigation-graph.h"
#include "window/ac-investigation-nodes.h"

/* Between layers, where the lines are; and between nodes of one layer. */
#define LAYER_GAP 44
#define NODE_GAP 14
/* How often the time that is waited is told anew. */
#define TICK_SECONDS 20
#define ARROW 7.0
#define LINE_ALPHA 0.55

struct _AcInvestigationGraph
{
  GtkWidget parent_instance;

  AcInvestigation *investigation; /* nullable */
  GPtrArray *layers;              /* of GPtrArray of AcNode; nullable */
  GPtrArray *widgets;             /* of GPtrArray of GtkWidget, owned as children */
  char *shape;                    /* nullable: what the widgets were made for */
  guint tick;

  gboolean across; /* whether the layers stand side by side */
  guint line;      /* else: so many nodes of a layer stand in one line */
};

G_DEFINE_FINAL_TYPE (AcInvestigationGraph, ac_investigation_graph, GTK_TYPE_WIDGET)

enum
{
  OPEN_TAB,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static GPtrArray *
get_layer (AcInvestigationGraph *self, guint layer)
{
  return self->widgets->pdata[layer];
}

/* --- nodes --- */

static void
clicked_cb (AcInvestigationGraph *self, GtkButton *button)
{
  const char *tab = g_object_get_data (G_OBJECT (button), "ac-tab");

  if (tab != NULL)
    g_signal_emit (self, signals[OPEN_TAB], 0, tab);
}

static const char *
shape_class (AcNodeKind kind)
{
  switch (kind)
    {
    case AC_NODE_TRIGGER:
      return "trigger";
    case AC_NODE_INVESTIGATION:
      return "investigation";
    case AC_NODE_EVIDENCE:
      return "evidence";
    case AC_NODE_WAIT:
      return "wait";
    case AC_NODE_RESULT:
      return "result";
    case AC_NODE_SUBJECT:
    default:
      return "subject";
    }
}

static GtkWidget *
new_label (const char *style_class)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_width_chars (GTK_LABEL (label), 13);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 18);
  gtk_widget_add_css_class (label, style_class);
  return label;
}

static GtkWidget *
new_node (AcInvestigationGraph *self, const AcNode *node)
{
  GtkWidget *button = gtk_button_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 9);
  GtkWidget *texts = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *image = gtk_image_new ();
  GtkWidget *title = new_label ("heading");
  GtkWidget *subtitle = new_label ("caption");

  gtk_box_append (GTK_BOX (texts), title);
  gtk_box_append (GTK_BOX (texts), subtitle);
  gtk_box_append (GTK_BOX (box), image);
  gtk_box_append (GTK_BOX (box), texts);
  gtk_button_set_child (GTK_BUTTON (button), box);
  gtk_widget_add_css_class (button, "graph-node");
  gtk_widget_add_css_class (button, shape_class (node->kind));
  gtk_widget_set_name (button, node->id);
  g_object_set_data (G_OBJECT (button), "ac-image", image);
  g_object_set_data (G_OBJECT (button), "ac-title", title);
  g_object_set_data (G_OBJECT (button), "ac-subtitle", subtitle);
  g_signal_connect_object (button, "clicked", G_CALLBACK (clicked_cb), self, G_CONNECT_SWAPPED);
  gtk_widget_set_parent (button, GTK_WIDGET (self));
  return button;
}

static void
fill_node (GtkWidget *button, const AcNode *node)
{
  GtkWidget *image = g_object_get_data (G_OBJECT (button), "ac-image");
  GtkLabel *title = g_object_get_data (G_OBJECT (button), "ac-title");
  GtkLabel *subtitle = g_object_get_data (G_OBJECT (button), "ac-subtitle");
  const char *const classes[] = { node->style_class, NULL };
  g_autofree char *name = node->subtitle != NULL
                              ? g_strdup_printf ("%s: %s", node->title, node->subtitle)
                              : g_strdup (node->title);

  gtk_image_set_from_icon_name (GTK_IMAGE (image), node->icon_name);
  gtk_widget_set_css_classes (image, (const char **)classes);
  gtk_label_set_text (title, node->title);
  gtk_label_set_text (subtitle, node->subtitle != NULL ? node->subtitle : "");
  gtk_widget_set_visible (GTK_WIDGET (subtitle), node->subtitle != NULL);
  gtk_widget_set_tooltip_text (button, name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  g_object_set_data (G_OBJECT (button), "ac-tab", (gpointer)node->tab);
}

static void
remove_nodes (AcInvestigationGraph *self)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  g_ptr_array_set_size (self->widgets, 0);
}

/* The same nodes stay the same widgets, so that the focus stays where it is. */
static void
update (AcInvestigationGraph *self)
{
  g_autofree char *shape = NULL;

  g_clear_pointer (&self->layers, g_ptr_array_unref);
  if (self->investigation == NULL)
    {
      remove_nodes (self);
      g_clear_pointer (&self->shape, g_free);
      return;
    }
  self->layers = ac_investigation_nodes_new (self->investigation, ac_time_now ());
  shape = ac_investigation_nodes_describe (self->layers);
  if (g_strcmp0 (shape, self->shape) != 0)
    {
      remove_nodes (self);
      for (guint i = 0; i < self->layers->len; i++)
        {
          GPtrArray *layer = self->layers->pdata[i];
          GPtrArray *widgets = g_ptr_array_new ();

          for (guint k = 0; k < layer->len; k++)
            g_ptr_array_add (widgets, new_node (self, layer->pdata[k]));
          g_ptr_array_add (self->widgets, widgets);
        }
      g_free (self->shape);
      self->shape = g_steal_pointer (&shape);
    }
  for (guint i = 0; i < self->layers->len; i++)
    {
      GPtrArray *layer = self->layers->pdata[i];

      for (guint k = 0; k < layer->len; k++)
        fill_node (get_layer (self, i)->pdata[k], layer->pdata[k]);
    }
  gtk_widget_queue_resize (GTK_WIDGET (self));
}

/* --- places --- */

static void
measure_nodes (AcInvestigationGraph *self, int *width, int *height)
{
  *width = *height = 0;
  for (guint i = 0; i < self->widgets->len; i++)
    for (guint k = 0; k < get_layer (self, i)->len; k++)
      {
        GtkWidget *node = get_layer (self, i)->pdata[k];
        int minimum, natural;

        gtk_widget_measure (node, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, &natural, NULL, NULL);
        *width = MAX (*width, natural);
        gtk_widget_measure (node, GTK_ORIENTATION_VERTICAL, natural, &minimum, &natural, NULL,
                            NULL);
        *height = MAX (*height, natural);
      }
}

static int
length_of (int n, int size, int gap)
{
  return n > 0 ? n * size + (n - 1) * gap : 0;
}

static guint
largest_layer (AcInvestigationGraph *self)
{
  guint largest = 0;

  for (guint i = 0; i < self->widgets->len; i++)
    largest = MAX (largest, get_layer (self, i)->len);
  return largest;
}

static gboolean
fits_across (AcInvestigationGraph *self, int width)
{
  int node_width, node_height;

  measure_nodes (self, &node_width, &node_height);
  return width >= length_of ((int)self->widgets->len, node_width, LAYER_GAP);
}

/* So many nodes of a layer stand beside each other when the layers stand one under the other. */
static int
per_line (int width, int node_width)
{
  return MAX ((width + NODE_GAP) / (node_width + NODE_GAP), 1);
}

static GtkSizeRequestMode
ac_investigation_graph_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
ac_investigation_graph_measure (GtkWidget *widget,
                                GtkOrientation orientation,
                                int for_size,
                                int *minimum,
                                int *natural,
                                int *minimum_baseline,
                                int *natural_baseline)
{
  AcInvestigationGraph *self = AC_INVESTIGATION_GRAPH (widget);
  int node_width, node_height;

  measure_nodes (self, &node_width, &node_height);
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      *minimum = node_width;
      *natural = length_of ((int)self->widgets->len, node_width, LAYER_GAP);
      return;
    }
  if (for_size < 0 || fits_across (self, for_size))
    *natural = length_of ((int)largest_layer (self), node_height, NODE_GAP);
  else
    {
      int line = per_line (for_size, node_width);

      *natural = (int)(MAX (self->widgets->len, 1) - 1) * LAYER_GAP;
      for (guint i = 0; i < self->widgets->len; i++)
        *natural +=
            length_of (((int)get_layer (self, i)->len + line - 1) / line, node_height, NODE_GAP);
    }
  *minimum = *natural;
}

static void
allocate_node (GtkWidget *self, GtkWidget *node, int x, int y, int width, int height)
{
  if (gtk_widget_get_direction (self) == GTK_TEXT_DIR_RTL)
    x = gtk_widget_get_width (self) - x - width;
  gtk_widget_size_allocate (node, &(GtkAllocation){ x, y, width, height }, -1);
}

static void
allocate_across (AcInvestigationGraph *self, int width, int height, int node_width, int node_height)
{
  int n = (int)self->widgets->len;
  int gap = n > 1 ? MIN ((width - n * node_width) / (n - 1), LAYER_GAP * 2) : 0;
  int x = (width - length_of (n, node_width, gap)) / 2;

  for (int i = 0; i < n; i++)
    {
      GPtrArray *layer = get_layer (self, (guint)i);
      int y = (height - length_of ((int)layer->len, node_height, NODE_GAP)) / 2;

      for (guint k = 0; k < layer->len; k++)
        allocate_node (GTK_WIDGET (self), layer->pdata[k], x + i * (node_width + gap),
                       y + (int)k * (node_height + NODE_GAP), node_width, node_height);
    }
}

static void
allocate_down (AcInvestigationGraph *self, int width, int node_width, int node_height)
{
  int line = per_line (width, node_width);
  int y = 0;

  self->line = (guint)line;
  for (guint i = 0; i < self->widgets->len; i++)
    {
      GPtrArray *layer = get_layer (self, i);

      for (guint k = 0; k < layer->len; k += (guint)line)
        {
          int n = MIN (line, (int)(layer->len - k));
          int x = (width - length_of (n, node_width, NODE_GAP)) / 2;

          for (int m = 0; m < n; m++)
            allocate_node (GTK_WIDGET (self), layer->pdata[k + (guint)m],
                           x + m * (node_width + NODE_GAP), y, node_width, node_height);
          y += node_height + NODE_GAP;
        }
      y += LAYER_GAP - NODE_GAP;
    }
}

static void
ac_investigation_graph_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  AcInvestigationGraph *self = AC_INVESTIGATION_GRAPH (widget);
  int node_width, node_height;

  measure_nodes (self, &node_width, &node_height);
  self->across = fits_across (self, width);
  if (self->across)
    allocate_across (self, width, height, node_width, node_height);
  else
    allocate_down (self, width, node_width, node_height);
}

/* --- lines --- */

static void
draw_arrow (cairo_t *cr, double x, double y, double dx, double dy)
{
  cairo_move_to (cr, x, y);
  cairo_line_to (cr, x - dx * ARROW - dy * ARROW / 2, y - dy * ARROW - dx * ARROW / 2);
  cairo_line_to (cr, x - dx * ARROW + dy * ARROW / 2, y - dy * ARROW + dx * ARROW / 2);
  cairo_close_path (cr);
  cairo_fill (cr);
}

static void
draw_line (AcInvestigationGraph *self, cairo_t *cr, GtkWidget *from, GtkWidget *to)
{
  graphene_rect_t a, b;
  double x0, y0, x1, y1;
  gboolean rtl = gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL;

  if (!gtk_widget_compute_bounds (from, GTK_WIDGET (self), &a) ||
      !gtk_widget_compute_bounds (to, GTK_WIDGET (self), &b))
    return;
  if (self->across)
    {
      double side = rtl ? -1.0 : 1.0;

      x0 = rtl ? a.origin.x : a.origin.x + a.size.width;
      x1 = rtl ? b.origin.x + b.size.width : b.origin.x;
      y0 = a.origin.y + a.size.height / 2;
      y1 = b.origin.y + b.size.height / 2;
      cairo_move_to (cr, x0, y0);
      cairo_curve_to (cr, (x0 + x1) / 2, y0, (x0 + x1) / 2, y1, x1 - side * ARROW, y1);
      cairo_stroke (cr);
      draw_arrow (cr, x1, y1, side, 0);
      return;
    }
  x0 = a.origin.x + a.size.width / 2;
  x1 = b.origin.x + b.size.width / 2;
  y0 = a.origin.y + a.size.height;
  y1 = b.origin.y;
  cairo_move_to (cr, x0, y0);
  cairo_curve_to (cr, x0, (y0 + y1) / 2, x1, (y0 + y1) / 2, x1, y1 - ARROW);
  cairo_stroke (cr);
  draw_arrow (cr, x1, y1, 0, 1);
}

/* A line from a node that others of its layer stand under would look as if it led to them. */
static void
draw_lines (AcInvestigationGraph *self, cairo_t *cr, GPtrArray *from, GPtrArray *to)
{
  guint first = self->across ? 0 : (from->len - 1) / self->line * self->line;
  guint end = self->across ? to->len : MIN (to->len, self->line);

  for (guint k = first; k < from->len; k++)
    for (guint m = 0; m < end; m++)
      draw_line (self, cr, from->pdata[k], to->pdata[m]);
}

static void
ac_investigation_graph_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  AcInvestigationGraph *self = AC_INVESTIGATION_GRAPH (widget);
  int width = gtk_widget_get_width (widget);
  int height = gtk_widget_get_height (widget);
  cairo_t *cr;
  GdkRGBA color;

  if (self->widgets->len > 1 && width > 0 && height > 0)
    {
      /* The colour of the text, so that dark and high contrast come by themselves. */
      ac_compat_get_color (widget, &color);
      cr = gtk_snapshot_append_cairo (snapshot,
                                      &GRAPHENE_RECT_INIT (0, 0, (float)width, (float)height));
      /* Where lines meet they are not darker. */
      cairo_push_group (cr);
      gdk_cairo_set_source_rgba (cr, &color);
      cairo_set_line_width (cr, 1.5);
      for (guint i = 0; i + 1 < self->widgets->len; i++)
        draw_lines (self, cr, get_layer (self, i), get_layer (self, i + 1));
      cairo_pop_group_to_source (cr);
      cairo_paint_with_alpha (cr, LINE_ALPHA);
      cairo_destroy (cr);
    }
  GTK_WIDGET_CLASS (ac_investigation_graph_parent_class)->snapshot (widget, snapshot);
}

/* --- keys --- */

static gboolean
find_focus (AcInvestigationGraph *self, guint *layer, guint *place)
{
  GtkWidget *focus = gtk_widget_get_focus_child (GTK_WIDGET (self));

  for (*layer = 0; *layer < self->widgets->len; (*layer)++)
    if (g_ptr_array_find (get_layer (self, *layer), focus, place))
      return TRUE;
  return FALSE;
}

/* Steps to the next layer or to the one before. */
static gboolean
step_layer (AcInvestigationGraph *self, guint *layer, guint *place, int by)
{
  guint line = self->across ? get_layer (self, *layer)->len : self->line;
  guint column = *place % line;
  guint len;

  /* Within a layer of several lines, the next line comes first. */
  if (by > 0 && *place / line < (get_layer (self, *layer)->len - 1) / line)
    {
      *place = MIN (*place + line, get_layer (self, *layer)->len - 1);
      return TRUE;
    }
  if (by < 0 && *place >= line)
    {
      *place -= line;
      return TRUE;
    }
  if ((by < 0 && *layer == 0) || (by > 0 && *layer + 1 >= self->widgets->len))
    return FALSE;
  *layer = by > 0 ? *layer + 1 : *layer - 1;
  len = get_layer (self, *layer)->len;
  *place = MIN (self->across ? *place : column + (by < 0 ? (len - 1) / line * line : 0), len - 1);
  return TRUE;
}

/* Steps to the next node of the layer or to the one before, in the same line. */
static gboolean
step_place (AcInvestigationGraph *self, guint layer, guint *place, int by)
{
  guint len = get_layer (self, layer)->len;
  guint line = self->across ? len : self->line;
  guint next = *place + (guint)by; /* below 0 it is very large */

  if (next >= len || next / line != *place / line)
    return FALSE;
  *place = next;
  return TRUE;
}

/* An arrow key goes to the next node as they stand on the screen. */
static gboolean
ac_investigation_graph_focus (GtkWidget *widget, GtkDirectionType direction)
{
  AcInvestigationGraph *self = AC_INVESTIGATION_GRAPH (widget);
  int forward = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL ? -1 : 1;
  gboolean sideways = direction == GTK_DIR_LEFT || direction == GTK_DIR_RIGHT;
  int by = direction == GTK_DIR_LEFT    ? -forward
           : direction == GTK_DIR_RIGHT ? forward
           : direction == GTK_DIR_UP    ? -1
                                        : 1;
  guint layer, place;

  if (direction == GTK_DIR_TAB_FORWARD || direction == GTK_DIR_TAB_BACKWARD ||
      !find_focus (self, &layer, &place))
    return GTK_WIDGET_CLASS (ac_investigation_graph_parent_class)->focus (widget, direction);
  if (sideways == self->across ? !step_layer (self, &layer, &place, by)
                               : !step_place (self, layer, &place, by))
    return FALSE;
  return gtk_widget_grab_focus (get_layer (self, layer)->pdata[place]);
}

/* --- the widget --- */

static gboolean
tick_cb (gpointer data)
{
  update (data);
  return G_SOURCE_CONTINUE;
}

static void
ac_investigation_graph_map (GtkWidget *widget)
{
  AcInvestigationGraph *self = AC_INVESTIGATION_GRAPH (widget);

  GTK_WIDGET_CLASS (ac_investigation_graph_parent_class)->map (widget);
  self->tick = g_timeout_add_seconds (TICK_SECONDS, tick_cb, self);
}

static void
ac_investigation_graph_unmap (GtkWidget *widget)
{
  AcInvestigationGraph *self = AC_INVESTIGATION_GRAPH (widget);

  g_clear_handle_id (&self->tick, g_source_remove);
  GTK_WIDGET_CLASS (ac_investigation_graph_parent_class)->unmap (widget);
}

static void
ac_investigation_graph_dispose (GObject *object)
{
  AcInvestigationGraph *self = AC_INVESTIGATION_GRAPH (object);

  g_clear_handle_id (&self->tick, g_source_remove);
  if (self->widgets != NULL)
    remove_nodes (self);
  g_clear_pointer (&self->widgets, g_ptr_array_unref);
  g_clear_pointer (&self->layers, g_ptr_array_unref);
  g_clear_pointer (&self->shape, g_free);
  g_clear_object (&self->investigation);
  G_OBJECT_CLASS (ac_investigation_graph_parent_class)->dispose (object);
}

static void
ac_investigation_graph_class_init (AcInvestigationGraphClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ac_investigation_graph_dispose;
  widget_class->get_request_mode = ac_investigation_graph_get_request_mode;
  widget_class->measure = ac_investigation_graph_measure;
  widget_class->size_allocate = ac_investigation_graph_size_allocate;
  widget_class->snapshot = ac_investigation_graph_snapshot;
  widget_class->focus = ac_investigation_graph_focus;
  widget_class->map = ac_investigation_graph_map;
  widget_class->unmap = ac_investigation_graph_unmap;
  signals[OPEN_TAB] = g_signal_new ("open-tab", AC_TYPE_INVESTIGATION_GRAPH, G_SIGNAL_RUN_LAST, 0,
                                    NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  gtk_widget_class_set_css_name (widget_class, "investigationgraph");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
ac_investigation_graph_init (AcInvestigationGraph *self)
{
  self->widgets = g_ptr_array_new_with_free_func ((GDestroyNotify)g_ptr_array_unref);
  self->line = 1;
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Investigation graph"), -1);
}

/**
 * ac_investigation_graph_new:
 *
 * Returns: (transfer floating): an empty graph.
 */
GtkWidget *
ac_investigation_graph_new (void)
{
  return g_object_new (AC_TYPE_INVESTIGATION_GRAPH, NULL);
}

/**
 * ac_investigation_graph_set_investigation:
 * @investigation: (nullable): with its parts
 */
void
ac_investigation_graph_set_investigation (AcInvestigationGraph *self,
                                          AcInvestigation *investigation)
{
  g_return_if_fail (AC_IS_INVESTIGATION_GRAPH (self));

  g_set_object (&self->investigation, investigation);
  update (self);
}
