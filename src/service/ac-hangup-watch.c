/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib-unix.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "service/ac-hangup-watch.h"

#define EVENTS_AT_ONCE 64

struct _AcHangupWatch
{
  int fd; /* of epoll; -1: there is none */
  guint source_id;
  AcHangupFunc func;
  gpointer user_data;
};

static gboolean
ready_cb (int fd, GIOCondition condition, gpointer user_data)
{
  AcHangupWatch *watch = user_data;
  struct epoll_event events[EVENTS_AT_ONCE];
  int n = epoll_wait (fd, events, EVENTS_AT_ONCE, 0);

  for (int i = 0; i < n; i++)
    watch->func (events[i].data.ptr, watch->user_data);
  return G_SOURCE_CONTINUE;
}

/**
 * ac_hangup_watch_new:
 * @func: told the key of a socket that has something to say
 *
 * Returns: (transfer full): a watch for the main thread.
 */
AcHangupWatch *
ac_hangup_watch_new (AcHangupFunc func, gpointer user_data)
{
  AcHangupWatch *watch = g_new0 (AcHangupWatch, 1);

  watch->func = func;
  watch->user_data = user_data;
  watch->fd = epoll_create1 (EPOLL_CLOEXEC);
  if (watch->fd >= 0)
    watch->source_id = g_unix_fd_add (watch->fd, G_IO_IN, ready_cb, watch);
  return watch;
}

/**
 * ac_hangup_watch_add:
 * @key: what @func is told. It may be told of a socket that was closed a moment ago, in the same
 * round of the main loop.
 *
 * A socket is forgotten when it is closed, and when it was told of once.
 *
 * Returns: whether it is watched.
 */
gboolean
ac_hangup_watch_add (AcHangupWatch *watch, GSocket *socket, gpointer key)
{
  struct epoll_event event = { .events = EPOLLIN | EPOLLRDHUP | EPOLLONESHOT, .data.ptr = key };

  return watch->fd >= 0 &&
         epoll_ctl (watch->fd, EPOLL_CTL_ADD, g_socket_get_fd (socket), &event) == 0;
}

void
ac_hangup_watch_free (AcHangupWatch *watch)
{
  if (watch == NULL)
    return;
  g_clear_handle_id (&watch->source_id, g_source_remove);
  if (watch->fd >= 0)
    close (watch->fd);
  g_free (watch);
}
