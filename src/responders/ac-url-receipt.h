/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the URL responder writes down about one action at one enforcement point: what it is about to
 * block there, until when, and how far it has come. */
#pragma once

#include <json-glib/json-glib.h>

#include "responders/ac-block-list.h"

G_BEGIN_DECLS

#define AC_URL_RECEIPT_ERROR (ac_url_receipt_error_quark ())
typedef enum
{
  AC_URL_RECEIPT_ERROR_UNREADABLE,
} AcUrlReceiptError;

GQuark ac_url_receipt_error_quark (void);

typedef enum
{
  AC_URL_STATE_BLOCKING,   /* about to be blocked */
  AC_URL_STATE_BLOCKED,    /* seen blocked */
  AC_URL_STATE_UNBLOCKING, /* about to be taken off */
  AC_URL_STATE_UNBLOCKED,  /* seen to be blocked by this action no more */
} AcUrlState;

typedef struct
{
  AcUrlState state;
  AcUrlPattern *pattern;
  gint64 expires_at; /* AC_TIME_NONE: never */
  AcBlockLeft left;
} AcUrlReceipt;

AcUrlReceipt *ac_url_receipt_new (const AcUrlPattern *pattern, gint64 expires_at);
AcUrlReceipt *ac_url_receipt_new_from_json (JsonObject *object, GError **error);
JsonObject *ac_url_receipt_to_json (const AcUrlReceipt *receipt);
void ac_url_receipt_free (AcUrlReceipt *receipt);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AcUrlReceipt, ac_url_receipt_free)

G_END_DECLS
