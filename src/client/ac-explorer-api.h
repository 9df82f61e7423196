/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The calls of AcApi that belong to the Explorer and to submissions: searching the mailboxes,
 * proposing actions, reporting wrong judgements. They behave as the other calls of AcApi do. */
#pragma once

#include "client/ac-api.h"
#include "model/ac-found-message.h"
#include "model/ac-mail-query.h"
#include "model/ac-submission.h"

G_BEGIN_DECLS

/* GET /messages */
typedef struct
{
  GPtrArray *messages; /* of AcFoundMessage */
  guint64 mailboxes;   /* how many are to be searched */
  guint64 searched;    /* how many of them were, with those of the pages before */
  GPtrArray *failed;   /* of char *: "mailbox: why it could not be searched" */
  GStrv cut;           /* mailboxes that hold more than is told */
  char *next_cursor;   /* nullable: all were searched */
} AcFoundMessagePage;

void ac_found_message_page_free (AcFoundMessagePage *page);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AcFoundMessagePage, ac_found_message_page_free)

/* POST /proposals */
typedef struct
{
  AcInvestigation *investigation;
  AcOperation *operation; /* nullable: the actions wait for a decision */
} AcProposalAnswer;

void ac_proposal_answer_free (AcProposalAnswer *answer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AcProposalAnswer, ac_proposal_answer_free)

/* GET /submissions */
typedef struct
{
  GPtrArray *submissions; /* of AcSubmission */
  char *next_cursor;      /* nullable */
  guint64 total;
} AcSubmissionPage;

void ac_submission_page_free (AcSubmissionPage *page);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AcSubmissionPage, ac_submission_page_free)

void ac_api_find_messages_async (AcApi *api,
                                 const AcMailQuery *query,
                                 const char *cursor,
                                 guint limit,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data);
AcFoundMessagePage *ac_api_find_messages_finish (AcApi *api, GAsyncResult *result, GError **error);

void ac_api_propose_async (AcApi *api,
                           JsonObject *request,
                           const char *idempotency_key,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data);
AcProposalAnswer *ac_api_propose_finish (AcApi *api, GAsyncResult *result, GError **error);

void ac_api_submit_async (AcApi *api,
                          JsonObject *request,
                          const char *idempotency_key,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data);
void ac_api_judge_async (AcApi *api,
                         const char *id,
                         const char *state,
                         const char *comment,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data);
void ac_api_get_submission_async (AcApi *api,
                                  const char *id,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);
AcSubmission *ac_api_submission_finish (AcApi *api, GAsyncResult *result, GError **error);

void ac_api_list_submissions_async (AcApi *api,
                                    const char *state,
                                    const char *cursor,
                                    guint limit,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data);
AcSubmissionPage *ac_api_list_submissions_finish (AcApi *api, GAsyncResult *result, GError **error);

G_END_DECLS
