/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "model/ac-memory.h"

#ifdef __GLIBC__
#include <malloc.h>
#endif

/**
 * ac_memory_keep:
 * @block: blocks of up to so many bytes come from the heap, and are not taken from the system one
 * by one; glibc takes no more than 32 MB
 * @rest: so many bytes at the end of the heap are kept
 *
 * To be called before there is a second thread. Does nothing where the C library is not glibc.
 */
void
ac_memory_keep (gsize block, gsize rest)
{
#ifdef __GLIBC__
  /* Each thread that parses or reads would have a heap of its own, which grows to the most that it
   * ever needed; one more than that of the main thread is enough for all of them. */
  mallopt (M_ARENA_MAX, 2);
  /* Where there is less room for addresses it is refused, and the other would do harm. */
  if (mallopt (M_MMAP_THRESHOLD, (int)block))
    mallopt (M_TRIM_THRESHOLD, (int)rest);
#endif
}
