/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Moves messages out of mailboxes into the quarantine account and back, and takes attachments out
 * of them, over IMAP. */
#pragma once

#include "responders/ac-responder.h"

G_BEGIN_DECLS

#define AC_TYPE_QUARANTINE_RESPONDER (ac_quarantine_responder_get_type ())
G_DECLARE_FINAL_TYPE (AcQuarantineResponder,
                      ac_quarantine_responder,
                      AC,
                      QUARANTINE_RESPONDER,
                      GObject)

AcQuarantineResponder *ac_quarantine_responder_new (GKeyFile *config, GError **error);

G_END_DECLS
