/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tasks of one run of the URL responder at one enforcement point, and the steps that they take
 * together: one set of receipts, one change of the list, one update of DNS for all of them. */
#pragma once

#include "responders/ac-block-list.h"
#include "responders/ac-responder.h"
#include "responders/ac-url-config.h"
#include "responders/ac-url-receipt.h"

G_BEGIN_DECLS

/* One task. */
typedef struct
{
  AcTask *task;
  AcUrlReceipt *receipt;
  char *reason;          /* nullable; for whoever is refused */
  gboolean is_unwritten; /* the receipt says more than what the sink has */
  gboolean was_begun;    /* there was a receipt before this run */
  gboolean was_on_list;  /* this action's entry was there before this run */
  gboolean is_put;       /* the entry stands on the list, and DNS has the rule */
  gboolean was_gone;     /* an undo that nobody had begun found no entry of this action */
  GStrv others;          /* actions that block all of it there too */
} AcUrlWork;

typedef struct
{
  const AcUrlConfig *config;
  AcBlockPoint point;
  GPtrArray *works; /* of AcUrlWork: those that can be worked on; the others have their outcome */
  AcReceiptSink sink;
  gpointer sink_data;
  gboolean sink_has_failed;
  GCancellable *cancellable;
} AcUrlBatch;

AcUrlBatch *ac_url_batch_new (const AcUrlConfig *config,
                              AcBlockPoint point,
                              AcDirection direction,
                              GPtrArray *tasks,
                              AcReceiptSink sink,
                              gpointer sink_data,
                              GCancellable *cancellable);
void ac_url_batch_free (AcUrlBatch *batch);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AcUrlBatch, ac_url_batch_free)

GPtrArray *ac_url_batch_unfinished (AcUrlBatch *batch);
gboolean ac_url_batch_set_state (AcUrlBatch *batch, AcUrlState state, GError **error);
AcBlockList *ac_url_batch_read_list (AcUrlBatch *batch, GError **error);
gboolean ac_url_batch_put_on_list (AcUrlBatch *batch, GError **error);
gboolean ac_url_batch_take_off_list (AcUrlBatch *batch, GError **error);
gboolean ac_url_batch_let_go (AcUrlBatch *batch, const GError *problem, GError **error);
gboolean ac_url_batch_is_transient (AcUrlBatch *batch, const GError *error);

/* In ac-url-dns.c. */
gboolean ac_url_dns_look_first (AcUrlBatch *batch, AcBlockList *list, GError **error);
gboolean ac_url_dns_block (AcUrlBatch *batch, GError **error);
gboolean ac_url_dns_unblock (AcUrlBatch *batch, AcBlockList *without, GError **error);
gboolean ac_url_dns_take_away (const AcUrlConfig *config,
                               const AcBlockEntry *entry,
                               AcBlockList *without,
                               GCancellable *cancellable,
                               GError **error);

/* In ac-url-words.c. */
void ac_url_say_blocked (AcUrlBatch *batch, AcUrlWork *work);
void ac_url_say_unblocked (AcUrlBatch *batch, AcUrlWork *work);
void ac_url_say_not_for_dns (AcTask *task, const AcUrlPattern *pattern);
char *ac_url_pattern_for_people (const AcUrlPattern *pattern);
char *ac_url_time_for_people (gint64 time);

G_END_DECLS
