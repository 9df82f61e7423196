/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What of AcApi only this room and its tests use. */
#pragma once

#include "client/ac-api.h"
#include "client/ac-transport.h"

G_BEGIN_DECLS

AcApi *ac_api_new_with_patience (const char *address,
                                 const char *token,
                                 const char *ca_file,
                                 const AcPatience *patience,
                                 GError **error);
AcTransport *ac_api_get_transport (AcApi *self);

G_END_DECLS
