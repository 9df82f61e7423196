/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Blocks URLs, hosts and domains at the time of the click: on the list that the web proxies ask,
 * and in DNS. The assets of its actions are the enforcement points, “proxy” and “dns”. */
#pragma once

#include "responders/ac-responder.h"

G_BEGIN_DECLS

#define AC_TYPE_URL_RESPONDER (ac_url_responder_get_type ())
G_DECLARE_FINAL_TYPE (AcUrlResponder, ac_url_responder, AC, URL_RESPONDER, GObject)

AcUrlResponder *ac_url_responder_new (GKeyFile *config, GError **error);

G_END_DECLS
