/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tells a test where the widgets of the window are: a GIO module that the harness loads into the
 * real program with GIO_EXTRA_MODULES. It only ever looks; what the window does, the test makes it
 * do with the pointer and the keyboard. The one exception is AC_PROBE_DIRECTION=rtl, which lays the
 * window out from right to left, as it would be in a language that no machine need have installed.
 *
 * Why not AT-SPI: GTK 4.10 and later add up an accessible's place from its ancestors without their
 * padding and borders, and not beyond a page of a GtkStack, so that a click lands elsewhere; and
 * GTK 4.8 neither tells a page of a stack that is shown from one that is not nor places what is in
 * a popover. The names that a screen reader gets are tested over AT-SPI all the same.
 *
 * Over the socket that AC_PROBE_SOCKET names: for each line that comes in, one line with a JSON
 * array of the mapped toplevels goes out. A node has type, css, id (of its template), role, name,
 * text, tooltip, placeholder, states (array), shown (a click in its middle would meet it), x, y,
 * width and height (pixels in its toplevel's surface), above and below (pixels that it can be
 * scrolled by) and children. The line "measure" asks for the width of the text of each
 * GtkInscription as well, as wide as it would like to be, which takes its time. */
#include "config.h"

#include <gio/gunixsocketaddress.h>
#include <gtk/gtk.h>
#include <json-glib/json-glib.h>
#include <string.h>

static GSocketService *service;
static gboolean measuring;

/* Adds the string property @property of @widget, if it has one that is not empty, as @member. */
static gboolean
add_property (JsonBuilder *builder, const char *member, GtkWidget *widget, const char *property)
{
  GParamSpec *pspec = g_object_class_find_property (G_OBJECT_GET_CLASS (widget), property);
  g_autofree char *text = NULL;

  if (pspec == NULL || pspec->value_type != G_TYPE_STRING || !(pspec->flags & G_PARAM_READABLE))
    return FALSE;
  g_object_get (widget, property, &text, NULL);
  if (text == NULL || text[0] == '\0')
    return FALSE;
  json_builder_set_member_name (builder, member);
  json_builder_add_string_value (builder, text);
  return TRUE;
}

static void
add_text (JsonBuilder *builder, GtkWidget *widget)
{
  /* What a GtkLabel shows, without mnemonics and markup. */
  if (GTK_IS_LABEL (widget))
    {
      json_builder_set_member_name (builder, "text");
      json_builder_add_string_value (builder, gtk_label_get_text (GTK_LABEL (widget)));
    }
  /* The text of a button is that of the label in it. */
  else if (!add_property (builder, "text", widget, "text") && !GTK_IS_BUTTON (widget))
    add_property (builder, "text", widget, "label");
}

/* The accessible label, where one was set. There is no function that gives it; the one for tests
 * tells it when asked whether it is something else. */
static void
add_name (JsonBuilder *builder, GtkWidget *widget)
{
  g_autofree char *name = NULL;

  if (!gtk_test_accessible_has_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL))
    return;
  name = gtk_test_accessible_check_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                             "\n");
  if (name == NULL)
    return;
  json_builder_set_member_name (builder, "name");
  json_builder_add_string_value (builder, name);
}

static void
add_role (JsonBuilder *builder, GtkWidget *widget)
{
  g_autoptr (GEnumClass) roles = g_type_class_ref (GTK_TYPE_ACCESSIBLE_ROLE);
  GEnumValue *role =
      g_enum_get_value (roles, gtk_accessible_get_accessible_role (GTK_ACCESSIBLE (widget)));

  json_builder_set_member_name (builder, "role");
  json_builder_add_string_value (builder, role != NULL ? role->value_nick : "unknown");
}

static void
add_states (JsonBuilder *builder, GtkWidget *widget)
{
  GtkStateFlags flags = gtk_widget_get_state_flags (widget);

  json_builder_set_member_name (builder, "states");
  json_builder_begin_array (builder);
  if (gtk_widget_is_sensitive (widget))
    json_builder_add_string_value (builder, "sensitive");
  if (gtk_widget_has_focus (widget))
    json_builder_add_string_value (builder, "focused");
  if (flags & GTK_STATE_FLAG_FOCUS_WITHIN)
    json_builder_add_string_value (builder, "focus-within");
  if (gtk_widget_get_focusable (widget))
    json_builder_add_string_value (builder, "focusable");
  if (flags & GTK_STATE_FLAG_CHECKED)
    json_builder_add_string_value (builder, "checked");
  if (flags & GTK_STATE_FLAG_SELECTED)
    json_builder_add_string_value (builder, "selected");
  if (flags & GTK_STATE_FLAG_PRELIGHT)
    json_builder_add_string_value (builder, "prelight");
  if (GTK_IS_WINDOW (widget) && gtk_window_is_active (GTK_WINDOW (widget)))
    json_builder_add_string_value (builder, "active");
  if (GTK_IS_WINDOW (widget) && gtk_window_get_modal (GTK_WINDOW (widget)))
    json_builder_add_string_value (builder, "modal");
  if (gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL)
    json_builder_add_string_value (builder, "right-to-left");
  json_builder_end_array (builder);
}

static void
add_number (JsonBuilder *builder, const char *member, double number)
{
  json_builder_set_member_name (builder, member);
  json_builder_add_double_value (builder, number);
}

/* Where the surface of @native lies in the surface of its toplevel. */
static void
get_surface_offset (GtkNative *native, double *x, double *y)
{
  GdkSurface *surface = gtk_native_get_surface (native);

  gtk_native_get_surface_transform (native, x, y);
  while (GDK_IS_POPUP (surface))
    {
      *x += gdk_popup_get_position_x (GDK_POPUP (surface));
      *y += gdk_popup_get_position_y (GDK_POPUP (surface));
      surface = gdk_popup_get_parent (GDK_POPUP (surface));
    }
}

static void
add_place (JsonBuilder *builder, GtkWidget *widget)
{
  GtkNative *native = gtk_widget_get_native (widget);
  graphene_rect_t bounds;
  graphene_point_t middle;
  GtkWidget *met;
  double x;
  double y;
  gboolean shown;

  if (!gtk_widget_compute_bounds (widget, GTK_WIDGET (native), &bounds))
    return;
  graphene_rect_get_center (&bounds, &middle);
  met = gtk_widget_pick (GTK_WIDGET (native), middle.x, middle.y,
                         GTK_PICK_INSENSITIVE | GTK_PICK_NON_TARGETABLE);
  shown = met != NULL && (met == widget || gtk_widget_is_ancestor (met, widget));
  get_surface_offset (native, &x, &y);
  json_builder_set_member_name (builder, "shown");
  json_builder_add_boolean_value (builder, shown);
  add_number (builder, "x", x + bounds.origin.x);
  add_number (builder, "y", y + bounds.origin.y);
  add_number (builder, "width", bounds.size.width);
  add_number (builder, "height", bounds.size.height);
}

static void
add_text_width (JsonBuilder *builder, GtkInscription *inscription)
{
  g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (
      GTK_WIDGET (inscription), gtk_inscription_get_text (inscription));
  int width;

  pango_layout_get_pixel_size (layout, &width, NULL);
  add_number (builder, "text-width", width);
}

/* How many pixels lie above and below what a scrolled widget shows. */
static void
add_scroll (JsonBuilder *builder, GtkScrollable *scrollable)
{
  GtkAdjustment *adjustment = gtk_scrollable_get_vadjustment (scrollable);

  if (adjustment == NULL)
    return;
  add_number (builder, "above",
              gtk_adjustment_get_value (adjustment) - gtk_adjustment_get_lower (adjustment));
  add_number (builder, "below",
              gtk_adjustment_get_upper (adjustment) - gtk_adjustment_get_page_size (adjustment) -
                  gtk_adjustment_get_value (adjustment));
}

static void
add_widget (JsonBuilder *builder, GtkWidget *widget)
{
  const char *id = gtk_buildable_get_buildable_id (GTK_BUILDABLE (widget));

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "type");
  json_builder_add_string_value (builder, G_OBJECT_TYPE_NAME (widget));
  json_builder_set_member_name (builder, "css");
  json_builder_add_string_value (builder, gtk_widget_get_css_name (widget));
  if (id != NULL)
    {
      json_builder_set_member_name (builder, "id");
      json_builder_add_string_value (builder, id);
    }
  add_role (builder, widget);
  add_name (builder, widget);
  add_text (builder, widget);
  add_property (builder, "title", widget, "title");
  if (gtk_widget_get_has_tooltip (widget))
    add_property (builder, "tooltip", widget, "tooltip-text");
  add_property (builder, "placeholder", widget, "placeholder-text");
  add_states (builder, widget);
  add_place (builder, widget);
  if (measuring && GTK_IS_INSCRIPTION (widget))
    add_text_width (builder, GTK_INSCRIPTION (widget));
  if (GTK_IS_SCROLLABLE (widget))
    add_scroll (builder, GTK_SCROLLABLE (widget));
  json_builder_set_member_name (builder, "children");
  json_builder_begin_array (builder);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      /* What is transparent stands there for the person no more than what is hidden. */
      if (gtk_widget_get_mapped (child) && gtk_widget_get_opacity (child) > 0)
        add_widget (builder, child);
    }
  json_builder_end_array (builder);
  json_builder_end_object (builder);
}

static char *
describe_windows (void)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;
  GListModel *windows = gtk_window_get_toplevels ();

  json_builder_begin_array (builder);
  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWidget) window = g_list_model_get_item (windows, i);

      if (gtk_widget_get_mapped (window))
        add_widget (builder, window);
    }
  json_builder_end_array (builder);
  root = json_builder_get_root (builder);
  return json_to_string (root, FALSE);
}

static void answer_next (GSocketConnection *connection, GDataInputStream *input);

static void
line_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GSocketConnection) connection = user_data;
  GDataInputStream *input = G_DATA_INPUT_STREAM (source);
  g_autofree char *line = g_data_input_stream_read_line_finish (input, result, NULL, NULL);
  g_autofree char *answer = NULL;
  g_autofree char *text = NULL;
  GOutputStream *output = g_io_stream_get_output_stream (G_IO_STREAM (connection));

  if (line == NULL)
    return;
  /* What is told must be so on the display too: a popover that is gone may still hold the pointer
   * there as long as GTK's last requests lie in its buffer, and would take the next click. */
  gdk_display_sync (gdk_display_get_default ());
  measuring = g_str_equal (line, "measure");
  text = describe_windows ();
  answer = g_strconcat (text, "\n", NULL);
  /* The harness reads at once, so this does not wait. */
  if (g_output_stream_write_all (output, answer, strlen (answer), NULL, NULL, NULL))
    answer_next (connection, input);
}

static void
answer_next (GSocketConnection *connection, GDataInputStream *input)
{
  g_data_input_stream_read_line_async (input, G_PRIORITY_DEFAULT, NULL, line_cb,
                                       g_object_ref (connection));
}

static gboolean
incoming_cb (GSocketService *unused,
             GSocketConnection *connection,
             GObject *source_object,
             gpointer user_data)
{
  g_autoptr (GDataInputStream) input =
      g_data_input_stream_new (g_io_stream_get_input_stream (G_IO_STREAM (connection)));

  answer_next (connection, input);
  return TRUE;
}

static gboolean
listen_cb (gpointer user_data)
{
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (g_getenv ("AC_PROBE_SOCKET"));
  g_autoptr (GError) error = NULL;

  service = g_socket_service_new ();
  if (!g_socket_listener_add_address (G_SOCKET_LISTENER (service), address, G_SOCKET_TYPE_STREAM,
                                      G_SOCKET_PROTOCOL_DEFAULT, NULL, NULL, &error))
    g_error ("The probe cannot listen: %s", error->message);
  g_signal_connect (service, "incoming", G_CALLBACK (incoming_cb), NULL);
  g_socket_service_start (service);
  if (g_strcmp0 (g_getenv ("AC_PROBE_DIRECTION"), "rtl") == 0)
    gtk_widget_set_default_direction (GTK_TEXT_DIR_RTL);
  return G_SOURCE_REMOVE;
}

void
g_io_module_load (GIOModule *module)
{
  /* GIO would let go of a module that offers nothing. */
  g_type_module_use (G_TYPE_MODULE (module));
  /* This may be any thread, and before GTK is initialised. */
  if (g_getenv ("AC_PROBE_SOCKET") != NULL)
    g_idle_add (listen_cb, NULL);
}

void
g_io_module_unload (GIOModule *module)
{
}

char **
g_io_module_query (void)
{
  return g_new0 (char *, 1);
}
