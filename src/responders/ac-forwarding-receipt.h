/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the service writes down before it changes which Sieve script of a mailbox runs: the whole
 * original, and the whole script that takes its place. */
#pragma once

#include <gio/gio.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

#define AC_FORWARDING_RECEIPT_ERROR (ac_forwarding_receipt_error_quark ())
typedef enum
{
  AC_FORWARDING_RECEIPT_ERROR_UNREADABLE, /* nothing may be done: nobody knows what was done */
} AcForwardingReceiptError;

GQuark ac_forwarding_receipt_error_quark (void);

typedef enum
{
  AC_FORWARDING_REPLACING, /* ours is being put in the place of the original */
  AC_FORWARDING_REPLACED,  /* ours was seen to be active */
  AC_FORWARDING_RESTORING, /* the original is being made active again */
  AC_FORWARDING_RESTORED,  /* the original was seen to be active */
} AcForwardingState;

typedef struct
{
  AcForwardingState state;
  char *original_name;
  GBytes *original;
  char *our_name;
  GBytes *ours;
} AcForwardingReceipt;

AcForwardingReceipt *ac_forwarding_receipt_new (const char *original_name,
                                                GBytes *original,
                                                const char *our_name,
                                                GBytes *ours);
AcForwardingReceipt *ac_forwarding_receipt_new_from_json (JsonObject *object, GError **error);
JsonObject *ac_forwarding_receipt_to_json (const AcForwardingReceipt *receipt);
void ac_forwarding_receipt_free (AcForwardingReceipt *receipt);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AcForwardingReceipt, ac_forwarding_receipt_free)

G_END_DECLS
