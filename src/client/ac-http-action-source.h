/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Actions straight from the service: keys by pages of ids, rows by id, changes by asking
 * GET /changes at an interval. It keeps nothing on disk. */
#pragma once

#include "client/ac-action-source.h"
#include "client/ac-api.h"

G_BEGIN_DECLS

#define AC_TYPE_HTTP_ACTION_SOURCE (ac_http_action_source_get_type ())
G_DECLARE_FINAL_TYPE (AcHttpActionSource, ac_http_action_source, AC, HTTP_ACTION_SOURCE, GObject)

AcHttpActionSource *ac_http_action_source_new (AcApi *api);
AcApi *ac_http_action_source_get_api (AcHttpActionSource *self);
void ac_http_action_source_set_interval (AcHttpActionSource *self, guint milliseconds);

G_END_DECLS
