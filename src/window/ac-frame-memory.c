/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "window/ac-frame-memory.h"

#ifdef AC_HAVE_X11
#include <cairo-xlib.h>
#include <gdk/x11/gdkx.h>

/* Pixels each way of what stays: any size keeps the pool that it is in. */
#define PIN 16
/* Nobody paints more by cairo without noticing that it is slow. */
#define MOST_PIXELS (3840 * 2160)

/* Frames of which the memory is touched ahead: so many are on their way at the same time. */
#define AHEAD 2
/* Pixels in a line, which is a page of memory, and the lines that are touched in one turn. */
#define LINE 1024
#define LINES 64

/* The pool belongs to the connection with the server, so one is kept for all windows, until the
 * program ends. */
static struct
{
  cairo_surface_t *pin; /* nullable */
  int lines;            /* of a frame that the pool is made for */
  guint idle;
} pool;

static cairo_surface_t *
make_image (cairo_surface_t *root, int lines)
{
  return cairo_surface_create_similar_image (root, CAIRO_FORMAT_RGB24, LINE, lines);
}

/* Touches a piece in each turn of the main loop that has nothing else to do. All of it is held
 * until then, for what is given back is what is handed out next. */
typedef struct
{
  cairo_surface_t *root;
  GPtrArray *pieces;
  guint n;
} Touch;

static void
touch_free (gpointer data)
{
  Touch *touch = data;

  g_ptr_array_unref (touch->pieces);
  cairo_surface_destroy (touch->root);
  g_free (touch);
}

static gboolean
touch_cb (gpointer data)
{
  Touch *touch = data;
  cairo_surface_t *piece = make_image (touch->root, LINES);
  volatile guchar *bytes = cairo_image_surface_get_data (piece);

  for (int i = 0; bytes != NULL && i < LINES; i++)
    bytes[i * cairo_image_surface_get_stride (piece)] = 0;
  g_ptr_array_add (touch->pieces, piece);
  return touch->pieces->len < touch->n ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

static int
count_lines (GdkSurface *surface)
{
  int scale = gdk_surface_get_scale_factor (surface);
  int pixels = gdk_surface_get_width (surface) * gdk_surface_get_height (surface) * scale * scale;

  return MIN (pixels, MOST_PIXELS) / LINE + 1;
}

/* cairo makes a pool eight times as large as what it is made for. */
static gboolean
pin_cb (gpointer data)
{
  GdkSurface *surface = data;
  Touch *touch = g_new0 (Touch, 1);
  Display *xdisplay;
  cairo_surface_t *frame;

  /* The functions of X11 are deprecated from GTK 4.18, as X11 is, and there are no others. */
  G_GNUC_BEGIN_IGNORE_DEPRECATIONS
  xdisplay = gdk_x11_display_get_xdisplay (gdk_surface_get_display (surface));
  G_GNUC_END_IGNORE_DEPRECATIONS
  touch->root =
      cairo_xlib_surface_create (xdisplay, DefaultRootWindow (xdisplay),
                                 DefaultVisual (xdisplay, DefaultScreen (xdisplay)), 1, 1);
  touch->pieces = g_ptr_array_new_with_free_func ((GDestroyNotify)cairo_surface_destroy);
  pool.idle = 0;
  pool.lines = count_lines (surface);
  touch->n = (guint)(AHEAD * pool.lines / LINES);
  frame = make_image (touch->root, pool.lines);
  g_clear_pointer (&pool.pin, cairo_surface_destroy);
  pool.pin = cairo_surface_create_similar_image (touch->root, CAIRO_FORMAT_RGB24, PIN, PIN);
  cairo_surface_destroy (frame);
  g_idle_add_full (G_PRIORITY_LOW, touch_cb, touch, touch_free);
  return G_SOURCE_REMOVE;
}

static void
layout_cb (GdkSurface *surface)
{
  if (count_lines (surface) > pool.lines && pool.idle == 0)
    pool.idle = g_idle_add_full (G_PRIORITY_LOW, pin_cb, g_object_ref (surface), g_object_unref);
}

static gboolean
paints_through_shared_memory (GtkNative *native)
{
  gboolean is_x11;

  G_GNUC_BEGIN_IGNORE_DEPRECATIONS
  is_x11 = GDK_IS_X11_SURFACE (gtk_native_get_surface (native));
  G_GNUC_END_IGNORE_DEPRECATIONS
  return is_x11 &&
         g_strcmp0 (G_OBJECT_TYPE_NAME (gtk_native_get_renderer (native)), "GskCairoRenderer") == 0;
}

#endif

/**
 * ac_frame_memory_keep:
 * @native: a window that is realized; once for each
 *
 * Has the memory of its frames stay with the program where it would be given back, however large it
 * becomes.
 */
void
ac_frame_memory_keep (GtkNative *native)
{
#ifdef AC_HAVE_X11
  GdkSurface *surface = gtk_native_get_surface (native);

  if (!paints_through_shared_memory (native))
    return;
  g_signal_connect (surface, "layout", G_CALLBACK (layout_cb), NULL);
  layout_cb (surface);
#endif
}
