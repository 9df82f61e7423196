/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Turns the forwarding of a mailbox to outside the organisation off by ManageSieve, and on again.
 * It keeps nothing between two runs but its configuration: what was done stands in the receipts and
 * on the mail server. */
#pragma once

#include "responders/ac-responder.h"

G_BEGIN_DECLS

#define AC_TYPE_FORWARDING_RESPONDER (ac_forwarding_responder_get_type ())
G_DECLARE_FINAL_TYPE (AcForwardingResponder,
                      ac_forwarding_responder,
                      AC,
                      FORWARDING_RESPONDER,
                      GObject)

AcForwardingResponder *ac_forwarding_responder_new (GKeyFile *config, GError **error);

G_END_DECLS
