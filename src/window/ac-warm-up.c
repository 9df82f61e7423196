/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <pango/pango.h>
#include <unistd.h>

#include "model/ac-memory.h"
#include "window/ac-warm-up.h"

/* A frame of 3840 by 2160 is just one. */
#define MOST_FROM_HEAP (32 * 1024 * 1024)
#define KEPT (64 * 1024 * 1024)
/* Frames of 1280 by 800, the widgets of the other tab and of the flyout, and what lies between: with
 * half of it the first frames of the other tab came from the system again. Less than MOST_FROM_HEAP,
 * or it would not stay. */
#define AHEAD (28 * 1024 * 1024)

/**
 * ac_warm_up_keep_memory:
 *
 * Has memory stay with the program. To be called before there is a second thread.
 */
void
ac_warm_up_keep_memory (void)
{
  ac_memory_keep (MOST_FROM_HEAP, KEPT);
}

static void
read_dictionary (void)
{
  /* U+0E01 KO KAI, twice */
  static const char text[] = "\u0e01\u0e01";
  PangoLogAttr attrs[3];

  pango_get_log_attrs (text, -1, 0, pango_language_from_string ("th"), attrs, G_N_ELEMENTS (attrs));
}

/* @block: (nullable): AHEAD bytes */
static gpointer
warm_up (gpointer block)
{
  volatile char *bytes = block;
  gsize page = (gsize)sysconf (_SC_PAGESIZE);

  for (gsize i = 0; bytes != NULL && i < AHEAD; i += page)
    bytes[i] = 0;
  /* It goes back to the heap of the main thread, which it is of. */
  g_free (block);
  read_dictionary ();
  return NULL;
}

/**
 * ac_warm_up_start:
 *
 * Starts the thread, the first time. To be called by the main thread.
 */
void
ac_warm_up_start (void)
{
  static gboolean started;
  gpointer block = NULL;

  if (started)
    return;
  started = TRUE;
#ifdef __GLIBC__
  block = g_try_malloc (AHEAD);
#endif
  g_thread_unref (g_thread_new ("warm-up", warm_up, block));
}
