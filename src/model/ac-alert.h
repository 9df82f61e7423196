/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What started an investigation, or joined it: an alert of some other system. Immutable. */
#pragma once

#include "model/ac-json.h"

G_BEGIN_DECLS

#define AC_TYPE_ALERT (ac_alert_get_type ())
G_DECLARE_FINAL_TYPE (AcAlert, ac_alert, AC, ALERT, GObject)

AcAlert *
ac_alert_new_from_json (JsonObject *object, AcJsonMode mode, const char *path, GError **error);
JsonObject *ac_alert_to_json (AcAlert *self);

const char *ac_alert_get_id (AcAlert *self);
const char *ac_alert_get_title (AcAlert *self);
const char *ac_alert_get_severity (AcAlert *self);
const char *ac_alert_get_category (AcAlert *self);
const char *ac_alert_get_source (AcAlert *self);
const char *ac_alert_get_status (AcAlert *self);
const char *ac_alert_get_description (AcAlert *self);
gint64 ac_alert_get_received_at (AcAlert *self);

G_END_DECLS
