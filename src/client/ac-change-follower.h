/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Asks a service again and again what has changed since it last asked, and knows whether the
 * service can be reached. It remembers a token and no action. Private to this room.
 *
 * Signals, in this order for each answer:
 *   began (): a first token is there, and what changed before it is not known; again when the
 *     service no longer knows ours.
 *   changes (const AcChangePage *): at least one.
 *   answered (const GError *): nullable; after each question, with what went wrong.
 *
 * Properties (read-only), as in AcActionSource: last-refreshed, offline-since, offline-reason. */
#pragma once

#include "client/ac-api.h"

G_BEGIN_DECLS

#define AC_TYPE_CHANGE_FOLLOWER (ac_change_follower_get_type ())
G_DECLARE_FINAL_TYPE (AcChangeFollower, ac_change_follower, AC, CHANGE_FOLLOWER, GObject)

AcChangeFollower *ac_change_follower_new (AcApi *api);
void ac_change_follower_ask (AcChangeFollower *self);
void ac_change_follower_set_interval (AcChangeFollower *self, guint milliseconds);
const char *ac_change_follower_get_token (AcChangeFollower *self);
gboolean ac_change_follower_is_answered (AcChangeFollower *self);
gint64 ac_change_follower_get_last_refreshed (AcChangeFollower *self);
gint64 ac_change_follower_get_offline_since (AcChangeFollower *self);
const char *ac_change_follower_get_offline_reason (AcChangeFollower *self);

G_END_DECLS
