/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One action on the forwarding of one mailbox while it is being carried out or undone. Internal to
 * the forwarding responder. */
#pragma once

#include "responders/ac-forwarding-config.h"
#include "responders/ac-forwarding-receipt.h"
#include "responders/ac-responder.h"
#include "responders/ac-sieve-redirects.h"

G_BEGIN_DECLS

typedef struct
{
  /* Of the responder's run. */
  const AcForwardingConfig *config;
  AcSieveConnection *connection;
  AcTask *task;
  AcReceiptSink sink;
  gpointer sink_data;

  AcForwardingReceipt *receipt; /* nullable: nothing was begun */
  gboolean sink_has_failed;
  gboolean may_be_active; /* ours: nobody has seen, or been told, that it is not */

  /* What the mail server showed in this look. */
  GPtrArray *scripts; /* nullable: of AcSieveListed */
  const char *active; /* nullable: the name of the active one; of scripts */
} AcForwardingRun;

/* Steps, both directions: ac-forwarding-run.c. Each returns FALSE with an error when the run is to
 * be stopped. */
gboolean ac_forwarding_run_look (AcForwardingRun *run, GError **error);
gboolean ac_forwarding_run_has_script (const AcForwardingRun *run, const char *name);
gboolean
ac_forwarding_run_get (AcForwardingRun *run, const char *name, GBytes **script, GError **error);
gboolean ac_forwarding_run_note (AcForwardingRun *run, AcForwardingState state, GError **error);
gboolean ac_forwarding_run_delete_ours (AcForwardingRun *run, GError **error);
gboolean ac_forwarding_run_is_done (const AcForwardingRun *run);

/* One look and what follows from it; without an outcome it is to be called again. */
gboolean ac_forwarding_apply (AcForwardingRun *run, GError **error);
gboolean ac_forwarding_undo (AcForwardingRun *run, GError **error);

/* Where it forwards to: ac-forwarding-look.c. */
GPtrArray *ac_forwarding_look (const AcForwardingConfig *config,
                               AcEntity *entity,
                               const char *mailbox,
                               GCancellable *cancellable,
                               GError **error);

/* What other scripts do that a script includes: ac-forwarding-includes.c. */
typedef struct
{
  GString *words;         /* a sentence for each, "" for none; each begins with a blank */
  gboolean sends_outside; /* one of them forwards to outside */
} AcForwardingIncludes;

gboolean ac_forwarding_includes_look (AcForwardingRun *run,
                                      const AcSieveRedirects *redirects,
                                      AcForwardingIncludes *includes,
                                      GError **error);
void ac_forwarding_includes_clear (AcForwardingIncludes *includes);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (AcForwardingIncludes, ac_forwarding_includes_clear)

/* Outcomes in words: ac-forwarding-words.c. */
void ac_forwarding_say_applied (AcForwardingRun *run,
                                const AcSieveRedirects *redirects,
                                const AcForwardingIncludes *includes);
void ac_forwarding_say_nothing_to_turn_off (AcForwardingRun *run,
                                            const AcSieveRedirects *redirects,
                                            const AcForwardingIncludes *includes);
void ac_forwarding_say_not_approved (AcForwardingRun *run, const AcSieveRedirects *redirects);
void ac_forwarding_say_changed (AcForwardingRun *run, GBytes *original, GBytes *ours);

G_END_DECLS
