/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Finds the action of an id: in what is on this machine, and where it is not there yet, at the
 * service. Waits for a connection that is being made. Plain functions. */
#pragma once

#include "window/ac-session.h"

G_BEGIN_DECLS

void ac_action_finder_find_async (AcSession *session,
                                  const char *id,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);
AcAction *ac_action_finder_find_finish (GAsyncResult *result, GError **error);

G_END_DECLS
