/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the device responder writes down about one file on one device: what it was before it was
 * touched, where it lies meanwhile, and how far it has come. Written before each step on the
 * device, so that whoever finds it after a crash can tell by looking what was done. */
#pragma once

#include "responders/ac-device-extra.h"
#include "responders/ac-device-sftp.h"

G_BEGIN_DECLS

#define AC_DEVICE_RECEIPT_ERROR (ac_device_receipt_error_quark ())
typedef enum
{
  AC_DEVICE_RECEIPT_ERROR_UNREADABLE,
} AcDeviceReceiptError;

GQuark ac_device_receipt_error_quark (void);

typedef enum
{
  AC_DEVICE_MOVING,    /* about to be renamed from its place to the quarantine folder */
  AC_DEVICE_COPYING,   /* about to be copied there; it is still in its place */
  AC_DEVICE_REMOVING,  /* the copy is good; the file is about to be set aside, and then removed */
  AC_DEVICE_MOVED,     /* in the quarantine folder only */
  AC_DEVICE_RESTORING, /* about to be put back */
  AC_DEVICE_RESTORED,  /* seen back in its place, as it was */
} AcDeviceState;

typedef struct
{
  AcDeviceState state;
  gboolean is_copy; /* to and from the quarantine folder it goes by copying */

  char *place;  /* where it was, without symbolic links on the way */
  char *kept;   /* in the quarantine folder */
  char *aside;  /* nullable: beside its place, once the file leaves that after a copy */
  char *sha256; /* small hexadecimal digits */
  AcDeviceAttributes was;
  AcDeviceExtra *extra; /* nullable: of a copy, where it could be seen */
} AcDeviceReceipt;

AcDeviceReceipt *ac_device_receipt_new (void);
AcDeviceReceipt *ac_device_receipt_new_from_json (JsonObject *object, GError **error);
JsonObject *ac_device_receipt_to_json (const AcDeviceReceipt *receipt);
void ac_device_receipt_free (AcDeviceReceipt *receipt);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AcDeviceReceipt, ac_device_receipt_free)

G_END_DECLS
