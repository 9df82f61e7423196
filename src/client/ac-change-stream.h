/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One connection to GET /changes/stream: it says what comes, notices when nothing comes any more,
 * and ends once. Whoever uses it decides what to do then; it never opens itself again. Private to
 * this room.
 *
 * Signals:
 *   heard (): something came, be it only a heartbeat.
 *   page (GBytes *): a page of changes, as the service wrote it.
 *   ended (const GError *): nothing comes any more; always an error, AC_CLIENT_ERROR_OFFLINE when
 *     the connection was just closed. */
#pragma once

#include "client/ac-transport.h"

G_BEGIN_DECLS

#define AC_TYPE_CHANGE_STREAM (ac_change_stream_get_type ())
G_DECLARE_FINAL_TYPE (AcChangeStream, ac_change_stream, AC, CHANGE_STREAM, GObject)

AcChangeStream *ac_change_stream_new (AcTransport *transport);
void ac_change_stream_open (AcChangeStream *self, const char *token);
void ac_change_stream_close (AcChangeStream *self);
void ac_change_stream_hold (AcChangeStream *self, gboolean hold);

G_END_DECLS
