/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Notices when one of very many silent sockets is closed by the other side, or speaks. To the main
 * loop they are one descriptor, so that an idle stream costs nothing when something else happens.
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _AcHangupWatch AcHangupWatch;

/* Called in the main thread, once for each time that the socket was added. */
typedef void (*AcHangupFunc) (gpointer key, gpointer user_data);

AcHangupWatch *ac_hangup_watch_new (AcHangupFunc func, gpointer user_data);
gboolean ac_hangup_watch_add (AcHangupWatch *watch, GSocket *socket, gpointer key);
void ac_hangup_watch_free (AcHangupWatch *watch);

G_END_DECLS
