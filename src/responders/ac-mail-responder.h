/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Acts on mail by IMAP: soft-deletes messages and brings them back. It keeps nothing between two
 * runs but its configuration: what was done stands in the receipts and on the mail server. */
#pragma once

#include "responders/ac-mail-config.h"
#include "responders/ac-responder.h"

G_BEGIN_DECLS

#define AC_TYPE_MAIL_RESPONDER (ac_mail_responder_get_type ())
G_DECLARE_FINAL_TYPE (AcMailResponder, ac_mail_responder, AC, MAIL_RESPONDER, GObject)

AcMailResponder *ac_mail_responder_new (GKeyFile *config, GError **error);

G_END_DECLS
