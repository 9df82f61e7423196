/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Looks at what is in quarantine, and changes nothing. */
#pragma once

#include "responders/ac-mail-config.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

JsonObject *ac_quarantine_read (const AcMailConfig *config,
                                const char *mailbox,
                                JsonObject *receipt,
                                GCancellable *cancellable,
                                GError **error);

G_END_DECLS
