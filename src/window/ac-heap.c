/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <unistd.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

#include "window/ac-heap.h"

/* Smaller blocks come from the heap, and are not taken from the system one by one: a frame of
 * 3840 by 2160 is just one. More than that glibc does not take. */
#define MOST_FROM_HEAP (32 * 1024 * 1024)
/* So much at the end of the heap is kept. */
#define KEPT (64 * 1024 * 1024)
/* Two frames of 1280 by 800, and the widgets of the next page. */
#define WARM (16 * 1024 * 1024)

/**
 * ac_heap_set_up:
 *
 * To be called before there is a second thread.
 */
void
ac_heap_set_up (void)
{
#ifdef __GLIBC__
  /* Each thread that parses or reads would have a heap of its own, which grows to the most that it
   * ever needed; one more than that of the main thread is enough for all of them. */
  mallopt (M_ARENA_MAX, 2);
  mallopt (M_MMAP_THRESHOLD, MOST_FROM_HEAP);
  mallopt (M_TRIM_THRESHOLD, KEPT);
#endif
}

static gboolean
warmed_cb (gpointer block)
{
  g_free (block);
  return G_SOURCE_REMOVE;
}

static gpointer
touch (gpointer block)
{
  volatile char *bytes = block;
  long page = sysconf (_SC_PAGESIZE);

  for (gsize i = 0; i < WARM; i += (gsize)page)
    bytes[i] = 0;
  /* To the heap that it is of. */
  g_idle_add (warmed_cb, block);
  return NULL;
}

/**
 * ac_heap_warm:
 *
 * Touches memory in a thread, so that it is at hand soon. To be called by the main thread.
 */
void
ac_heap_warm (void)
{
#ifdef __GLIBC__
  gpointer block = g_try_malloc (WARM);

  if (block != NULL)
    g_thread_unref (g_thread_new ("heap", touch, block));
#endif
}
