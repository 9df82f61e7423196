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

/* Frames of which the memory is touched ahead: two are on their way at the same time, and as much
 * as a third is spent on what is left beside the pin. */
#define AHEAD 3
/* Pixels in a line, which is a page of memory, and the lines that are touched in one turn. */
#define LINE 1024
#define LINES 64

/* The pool belongs to the connection with the server, so one is kept for all windows, until the
 * program ends. */
static struct
{
  cairo_surface_t *pin; /* nullable */
  guint size;           /* it is made for frames that have a number of lines of so many bits */
  guint idle;           /* pins it */
  guint touching;
} pool;

static cairo_surface_t *
make_image (cairo_surface_t *root, guint lines)
{
  return cairo_surface_create_similar_image (root, CAIRO_FORMAT_RGB24, LINE, (int)lines);
}

/* A piece is touched in each turn of the main loop that has nothing else to do. All of it is held
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

/* cairo clears what it makes. */
static gboolean
touch_cb (gpointer data)
{
  Touch *touch = data;

  g_ptr_array_add (touch->pieces, make_image (touch->root, LINES));
  if (touch->pieces->len < touch->n)
    return G_SOURCE_CONTINUE;
  pool.touching = 0;
  return G_SOURCE_REMOVE;
}

static void
start_touching (cairo_surface_t *root, guint lines)
{
  Touch *touch = g_new0 (Touch, 1);

  touch->root = cairo_surface_reference (root);
  touch->pieces = g_ptr_array_new_with_free_func ((GDestroyNotify)cairo_surface_destroy);
  touch->n = (AHEAD * lines + LINES - 1) / LINES;
  g_clear_handle_id (&pool.touching, g_source_remove);
  pool.touching = g_idle_add_full (G_PRIORITY_LOW, touch_cb, touch, touch_free);
}

/* Any image of the X server will do for what is similar to it. */
static cairo_surface_t *
get_root (GdkSurface *surface)
{
  Display *display;
  int screen;

  /* The functions of X11 are deprecated from GTK 4.18, as X11 is, and there are no others. */
  G_GNUC_BEGIN_IGNORE_DEPRECATIONS
  display = gdk_x11_display_get_xdisplay (gdk_surface_get_display (surface));
  G_GNUC_END_IGNORE_DEPRECATIONS
  screen = DefaultScreen (display);
  return cairo_xlib_surface_create (display, RootWindow (display, screen),
                                    DefaultVisual (display, screen), 1, 1);
}

static guint
count_lines (GdkSurface *surface)
{
  int scale = gdk_surface_get_scale_factor (surface);
  int pixels = gdk_surface_get_width (surface) * gdk_surface_get_height (surface) * scale * scale;

  return (guint)(MIN (pixels, MOST_PIXELS) / LINE + 1);
}

/* cairo makes a pool for eight of what it is made for, each rounded up to the next power of two.
 * What is a little more than the power of two below a frame makes one for eight frames, and does
 * not fit into one for smaller frames. */
static gboolean
pin_cb (gpointer data)
{
  GdkSurface *surface = data;
  cairo_surface_t *root = get_root (surface);
  guint lines = count_lines (surface);
  cairo_surface_t *part;

  pool.idle = 0;
  pool.size = g_bit_storage (lines);
  part = make_image (root, (1u << (pool.size - 1)) + 1);
  /* What lies in shared memory has a device; elsewhere there is none, as with a display that is on
   * another machine, and nothing to keep. */
  if (cairo_surface_get_device (part) != NULL)
    {
      g_clear_pointer (&pool.pin, cairo_surface_destroy);
      pool.pin = cairo_surface_create_similar_image (root, CAIRO_FORMAT_RGB24, PIN, PIN);
      start_touching (root, lines);
    }
  cairo_surface_destroy (part);
  cairo_surface_destroy (root);
  return G_SOURCE_REMOVE;
}

static void
layout_cb (GdkSurface *surface)
{
  if (g_bit_storage (count_lines (surface)) > pool.size && pool.idle == 0)
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
 * @native: (nullable): a window that is realized; once for each
 *
 * Has the memory of its frames stay with the program where it would be given back, however large it
 * becomes.
 */
void
ac_frame_memory_keep (GtkNative *native)
{
#ifdef AC_HAVE_X11
  GdkSurface *surface;

  /* A page may have left its window. */
  if (native == NULL || !paints_through_shared_memory (native))
    return;
  surface = gtk_native_get_surface (native);
  g_signal_connect (surface, "layout", G_CALLBACK (layout_cb), NULL);
  layout_cb (surface);
#endif
}
