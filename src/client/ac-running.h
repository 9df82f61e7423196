/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The operations that are under way now, whoever decided them: asked for when something changes,
 * and from time to time as long as there are some.
 *
 * Properties (read-only): n-running (gint64, -1 as long as it is not known), error (string,
 * nullable: why they could not be asked for).
 *
 * Signal: changed (): the operations, or how far they are. */
#pragma once

#include "client/ac-action-source.h"
#include "client/ac-api.h"

G_BEGIN_DECLS

#define AC_TYPE_RUNNING (ac_running_get_type ())
G_DECLARE_FINAL_TYPE (AcRunning, ac_running, AC, RUNNING, GObject)

AcRunning *ac_running_new (AcApi *api, AcActionSource *source);
gint64 ac_running_get_n_running (AcRunning *self);
GPtrArray *ac_running_get_operations (AcRunning *self);
const char *ac_running_get_error (AcRunning *self);
void ac_running_refresh (AcRunning *self);
void ac_running_stop (AcRunning *self, const char *operation_id);

G_END_DECLS
