/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Listens on the addresses of the configuration, accepts connections, and keeps their number within
 * limits: when there are too many, the one that has been waiting for its request longest makes
 * room, so that slow clients never shut out good ones. */
#pragma once

#include "service/ac-router.h"

G_BEGIN_DECLS

#define AC_TYPE_LISTENER (ac_listener_get_type ())
G_DECLARE_FINAL_TYPE (AcListener, ac_listener, AC, LISTENER, GObject)

AcListener *ac_listener_new (AcRouter *router, const AcServiceConfig *config);
gboolean ac_listener_start (AcListener *self, GError **error);
guint ac_listener_get_most_streams (AcListener *self);
GStrv ac_listener_get_addresses (AcListener *self);

/* Called once, in the main thread, when no connection is left. */
typedef void (*AcListenerStopped) (gpointer user_data);
void
ac_listener_stop (AcListener *self, guint seconds, AcListenerStopped stopped, gpointer user_data);

G_END_DECLS
