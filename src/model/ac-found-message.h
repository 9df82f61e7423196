/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A message that the Explorer has found: one copy in one folder of one mailbox, with what is known
 * of it. Immutable. */
#pragma once

#include "model/ac-entity.h"

G_BEGIN_DECLS

#define AC_TYPE_FOUND_MESSAGE (ac_found_message_get_type ())
G_DECLARE_FINAL_TYPE (AcFoundMessage, ac_found_message, AC, FOUND_MESSAGE, GObject)

AcFoundMessage *
ac_found_message_new_from_json (JsonObject *object, const char *path, GError **error);

JsonObject *ac_found_message_to_json (AcFoundMessage *self);

const char *ac_found_message_get_mailbox (AcFoundMessage *self);
const char *ac_found_message_get_folder (AcFoundMessage *self);
gboolean ac_found_message_get_recoverable (AcFoundMessage *self);
const char *ac_found_message_get_message_id (AcFoundMessage *self);
const char *ac_found_message_get_sender (AcFoundMessage *self);
const char *ac_found_message_get_subject (AcFoundMessage *self);
const char *ac_found_message_get_recipients (AcFoundMessage *self);
const char *ac_found_message_get_attachments (AcFoundMessage *self);
const char *ac_found_message_get_verdict (AcFoundMessage *self);
const char *ac_found_message_get_action_id (AcFoundMessage *self);
const char *ac_found_message_get_action_type (AcFoundMessage *self);
const char *ac_found_message_get_action_status (AcFoundMessage *self);
gint64 ac_found_message_get_received_at (AcFoundMessage *self);
gint64 ac_found_message_get_size (AcFoundMessage *self);
AcEntity *ac_found_message_to_entity (AcFoundMessage *self);

G_END_DECLS
